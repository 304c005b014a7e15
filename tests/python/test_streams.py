"""Tables while they are read: memory, threads, signals, and what is left when nobody reads on."""

import gc
import os
import signal
import subprocess
import sys
import threading

import pyarrow
import pytest

import synthmill


def threads_of_this_process():
    return len(os.listdir("/proc/self/task"))


def peak_memory_of(code):
    """In bytes, of a Python process that runs `code` (ru_maxrss would count what forked it, too)."""
    tail = "\nprint(*[x.split()[1] for x in open('/proc/self/status') if x.startswith('VmHWM')])"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) * 1024


def test_memory_does_not_grow_with_the_rows_that_are_read(shop):
    read = (
        "import pyarrow, synthmill\n"
        "table = synthmill.generate({!r}, orders={}, threads=2)['orders']\n"
        "reader = pyarrow.RecordBatchReader.from_stream(table)\n"
        "assert sum(batch.num_rows for batch in reader) == table.num_rows\n"
    )
    small, large = (peak_memory_of(read.format(str(shop), n)) for n in (500_000, 10_000_000))
    assert large < small + (48 << 20)  # the rows of the large one are some 400 MB


def test_a_reader_that_is_slow_holds_its_makers_back():
    """Rows are made a few batches ahead, not as fast as they can be."""
    slow = (
        "import pyarrow, synthmill, time\n"
        "table = synthmill.generate('mdm', total_records=10**9, threads=2)['crm']\n"
        "reader = pyarrow.RecordBatchReader.from_stream(table)\n"
        "for _ in range(3): reader.read_next_batch(); time.sleep(1)\n"
    )
    assert peak_memory_of(slow) < 400 << 20


def test_threads_of_python_may_read_one_table_at_once(shop):
    orders = synthmill.generate(shop, orders=40_000)["orders"]
    expected = orders.to_arrow()
    results = [None] * 4

    def read(i):
        results[i] = orders.to_arrow()

    threads = [threading.Thread(target=read, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert all(r.equals(expected) for r in results)


def test_two_datasets_are_made_at_once_and_batch_by_batch(shop, tmp_path):
    shops = synthmill.generate(shop, orders=200_000)["orders"]
    customers = synthmill.generate("mdm", total_records=200_000)["crm"]
    readers = [pyarrow.RecordBatchReader.from_stream(t) for t in (shops, customers)]
    taken = [[], []]
    while any(readers):
        for i, reader in enumerate(readers):
            batch = next(reader, None) if reader else None
            if batch is None:
                readers[i] = None
            else:
                taken[i].append(batch)
    for batches, table in zip(taken, (shops, customers)):
        assert pyarrow.Table.from_batches(batches).equals(table.to_arrow())

    results = {}
    def write(name, **arguments):
        results[name] = synthmill.generate(to=tmp_path / name, **arguments)
    runs = {"shop": {"dataset": shop, "orders": 50_000}, "mdm": {"dataset": "mdm", "total_records": 50_000}}
    threads = [threading.Thread(target=write, args=(n,), kwargs=kw) for n, kw in runs.items()]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for name, arguments in runs.items():
        alone = synthmill.generate(to=tmp_path / f"{name}-alone", **arguments)
        assert results[name].fingerprint == alone.fingerprint


def test_a_stream_that_is_dropped_ends_its_threads_and_frees_its_memory():
    def resident():
        return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def open_and_drop(n):
        tables = synthmill.generate("mdm", total_records=10**9, threads=2)
        for _ in range(n):
            capsule = tables["crm"].__arrow_c_stream__()  # nobody takes it
            reader = pyarrow.RecordBatchReader.from_stream(tables["crm"])
            reader.read_next_batch()
            del capsule, reader
        del tables
        gc.collect()

    before = threads_of_this_process()
    open_and_drop(3)
    after_few = resident()
    assert threads_of_this_process() == before
    open_and_drop(12)
    assert threads_of_this_process() == before
    assert resident() < after_few + (250 << 20)  # an open one holds some 50 MB


def test_a_stream_outlives_what_it_came_from():
    reader = pyarrow.RecordBatchReader.from_stream(synthmill.generate("mdm", total_records=100_000)["crm"])
    gc.collect()
    expected = synthmill.generate("mdm", total_records=100_000)["crm"]
    assert reader.read_all().equals(expected.to_arrow())


def interrupted(code, ready):
    """Runs code that prints "go", sends it SIGINT when it is `ready`; its exit code and errors."""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"go\n"
    for _ in range(6000):
        if ready() or process.poll() is not None:
            break
        threading.Event().wait(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors.decode()


def test_a_signal_stops_a_run_which_can_be_resumed(tmp_path):
    arguments = {"total_records": 2_000_000, "partitions": 100}
    receipts = tmp_path / "d" / "_synthmill" / "runs"
    code, errors = interrupted(
        "import synthmill\n"
        "print('go', flush=True)\n"
        f"synthmill.generate('mdm', to={str(tmp_path / 'd')!r}, threads=1, **{arguments})\n",
        lambda: list(receipts.glob("*/receipts/*.json")))
    assert code != 0 and "KeyboardInterrupt" in errors
    assert list(receipts.glob("*/receipts/*.json"))
    with pytest.raises(synthmill.SynthmillError, match="unfinished"):
        synthmill.generate("mdm", to=tmp_path / "d", **arguments)
    done = synthmill.generate("mdm", to=tmp_path / "d", resume=True, **arguments)
    assert 0 < done.rows_resumed < done.rows
    assert done.fingerprint == synthmill.generate("mdm", to=tmp_path / "e", **arguments).fingerprint


@pytest.mark.parametrize("read", [
    "table.to_arrow()",
    "[len(b) for b in pyarrow.RecordBatchReader.from_stream(table)]",
])
def test_a_signal_stops_reading(read):
    code, errors = interrupted(
        "import pyarrow, synthmill\n"
        "table = synthmill.generate('mdm', total_records=10**9, threads=1)['crm']\n"
        f"print('go', flush=True)\n{read}\n", lambda: True)
    assert code in (1, -signal.SIGINT) and "KeyboardInterrupt" in errors, errors


def test_a_signal_stops_a_copy_and_nothing_is_left(tmp_path):
    with open(tmp_path / "a.csv", "w") as f:
        f.write("id,text\n")
        f.writelines(f"{i},some text that takes its room\n" for i in range(2_000_000))
    out = tmp_path / "out"
    code, errors = interrupted(
        f"import synthmill\nprint('go', flush=True)\n"
        f"synthmill.copy({str(tmp_path / 'a.csv')!r}, {str(out)!r}, threads=1)\n",
        lambda: any("staging" in str(p) for p in out.rglob("*.parquet*")))
    assert code != 0 and "KeyboardInterrupt" in errors
    assert not [p for p in out.rglob("*") if p.is_file()]
