"""The table crm of datasets/mdm.yaml, as a plain Faker program: `_faker_program.py ROWS FILE`.

What bench/faker_crm.py compares with. Written as one would for speed while keeping to Faker: one
instance, one locale, bound methods, values made once per row, lines by the csv module. It makes no
copies, no noise and no truth, and its city, state and ZIP don't fit together; all this is in its
favour. Prints JSON: rows, cpu_seconds, seconds of making and writing (imports are not counted).
"""

import csv
import datetime
import json
import sys
import time

from faker import Faker

COLUMNS = ("customer_id source_id source_system record_id first_name last_name full_name email phone"
           " address city state zip_code date_of_birth company job_title annual_income"
           " customer_segment registration_date last_activity_date is_active lead_source sales_rep"
           " deal_stage").split()
DOMAINS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com")
DOMAIN_WEIGHTS = (42, 20, 12, 12, 6, 4)
LEADS = ("Website", "Referral", "Cold Call", "Trade Show")
STAGES = ("Prospect", "Qualified", "Proposal", "Closed Won", "Closed Lost")
AS_OF = datetime.date(2026, 1, 1)


def rows(count, fake):
    rng = fake.random  # Faker's own, so that its seed holds for all
    first_name, last_name = fake.first_name, fake.last_name
    day = datetime.timedelta(days=1)
    for number in range(1, count + 1):
        first, last = first_name(), last_name()
        registered = AS_OF - day * rng.randint(1, 5 * 365)
        yield (
            f"CUST_{number:05d}", f"CRM_{number:09d}", "crm", fake.uuid4(),
            first, last, f"{first} {last}",
            f"{first}.{last}{rng.randint(1, 99)}@{rng.choices(DOMAINS, DOMAIN_WEIGHTS)[0]}".lower(),
            fake.numerify("%##-%##-####"),
            fake.street_address(), fake.city(), fake.state_abbr(), fake.zipcode(),
            fake.date_of_birth(minimum_age=18, maximum_age=80),
            fake.company(), fake.job(), rng.randint(300, 2000) * 100,
            rng.choices(("Premium", "Standard", "Basic"), (20, 50, 30))[0],
            registered, max(registered, AS_OF - day * rng.randint(1, 365)),
            rng.random() < 0.75,
            rng.choice(LEADS), f"{first_name()} {last_name()}", rng.choice(STAGES),
        )


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    fake = Faker("en_US")
    Faker.seed(42)
    wall, cpu = time.perf_counter(), time.process_time()
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, fake))
    print(json.dumps({"rows": count, "cpu_seconds": time.process_time() - cpu,
                      "seconds": time.perf_counter() - wall, "columns": COLUMNS}))


if __name__ == "__main__":
    main()
