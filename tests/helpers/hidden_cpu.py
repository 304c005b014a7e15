"""Hides AVX2, FMA and AVX-512 from a process: from the C library, and from Arrow's own kernels."""
import re
import subprocess

LOADER = "/lib64/ld-linux-x86-64.so.2"
ENVIRONMENT = {
    "GLIBC_TUNABLES": 
        "glibc.cpu.hwcaps=-AVX,-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ",
    "ARROW_USER_SIMD_LEVEL": "NONE",
}


def glibc_uses(environment=None):
    """Which of AVX2 and FMA the C library would use, by its own word (glibc 2.33 and later)."""
    text = subprocess.run([LOADER, "--list-diagnostics"], capture_output=True, text=True,
                          env=environment or {}, check=True).stdout

    def active(leaf, register):
        found = re.search(rf"features\[0x{leaf}\]\.active\[0x{register}\]=0x([0-9a-f]+)", text)
        return int(found.group(1), 16)

    uses = set()
    if active(1, 1) & 1 << 5:  # CPUID leaf 7, EBX
        uses.add("AVX2")
    if active(0, 2) & 1 << 12:  # CPUID leaf 1, ECX
        uses.add("FMA")
    return uses
