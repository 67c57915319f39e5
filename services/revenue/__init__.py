"""Revenue, and what each figure of it counts.

Everything is by the Seoul day or month, in one currency, without test rows and without registrations of a
key that took no money (services/registrations.py).

- Gross: payments by the day they were paid, whatever came after. Refunds: single refunds by the day of each.
  Net: gross less refunds. Refund rate: refunds over gross of the same days. Average order: gross over its payments.
- Subscription revenue: gross of payments on a billing key (V1 `customer_uid_usage` payment, payment.scheduled,
  and issue where the registration was charged); one-off: all other gross.
- Subscription: V1 knows none. A billing key whose charges and bookings fit a cadence
  (services/subscriptions/cadence.py) with a confidence of 0.3 or more, and that was paid at least once by it. What else
  is bought on the key is not part of it.
- It counts from its first paid charge until it ends. It ends as *chosen* when what was booked was taken back or the key
  was deleted; as *failed* at its last failed charge, where nothing was paid or booked within 7 days of that; as
  *lapsed* on the day it was due where nobody tried to charge it within 7 days of that. A later paid charge reactivates;
  what the journal says was booked more than 7 days after an end does not undo it. V1 does not say when others booked:
  their bookings count as made in time.
- MRR at a month's end: the price of each subscription that counts then, brought to 30.4375 days: a month's price is
  the price over n months, else price x 30.4375 / days, half a won rounded up. The price is what was last tried or
  charged. The month that runs counts what is known now. Refunds and retries do not change it.
- Movements of a month compare its end with the end of the month before, subscription by subscription, so that they
  always add up to the change in MRR: new, expansion, contraction, churn (by how it ended), reactivation.
- Subscribers: subscriptions that count at the end. ARPU: MRR over subscribers. Churn rate: churned subscribers (or won)
  over those at the end of the month before.
- Cohort: subscriptions by the month of their first movement; retention is how many, and how many won, still count at
  the end of each month since.
"""
