#!/usr/bin/env python3
"""How long questions wait: by formula and by simulation. Python's standard library alone.

    queue_model.py                                     the tables of docs/capacity.md
    queue_model.py --arrivals 2.4 --service 10 --slots 32 [--variation 0.6] [--limit 256]

`--arrivals` a second, `--service` mean seconds of an answer, `--variation` its standard deviation over its mean (1: exponential),
`--limit` questions that may wait.
"""

import argparse
import collections
import heapq
import math
import random


def blocked(arrivals, service, slots, limit):
    """M/M/c/c+K: (share that is refused, share of the others that waits, mean wait of the others in seconds)."""
    load = arrivals * service
    # Each state's weight relative to the one before it: no factorial overflows.
    weight, total, waiting, queue = 1.0, 1.0, 0.0, 0.0
    for number in range(1, slots + limit + 1):
        weight *= load / min(number, slots)
        total += weight
        if slots <= number < slots + limit:
            waiting += weight
        if number > slots:
            queue += (number - slots) * weight
        if total > 1e250:
            weight, total, waiting, queue = (value / 1e250 for value in (weight, total, waiting, queue))
    refused = weight / total
    accepted = arrivals * (1 - refused)
    return refused, waiting / total / (1 - refused), queue / total / accepted


def erlang_c(load, slots):
    """The share of questions that waits, of an endless queue."""
    inverse = 1.0
    for number in range(1, slots + 1):
        inverse = 1 + inverse * number / load
    blocking = 1 / inverse
    return blocking / (1 - load / slots * (1 - blocking))


def wait(arrivals, service, slots, variation=1.0):
    """M/G/c after Allen and Cunneen: (share that waits, mean wait, 95th percentile) in seconds; endless if the load is too high."""
    load = arrivals * service
    if load >= slots:
        return 1.0, math.inf, math.inf
    share = erlang_c(load, slots)
    mean = share * service / (slots - load) * (1 + variation ** 2) / 2
    # As of an exponential tail with the same mean: exact for M/M/c.
    return share, mean, max(0.0, mean / share * math.log(share / 0.05))


def simulate(arrivals, services, slots, limit=None):
    """First come, first served. The wait of each question, `None` for one that was refused.

    - arrivals: when each comes. - services: how long each takes.
    """
    free, waiting, waits = [0.0] * slots, collections.deque(), []
    for moment, service in zip(arrivals, services):
        while waiting and waiting[0] <= moment:
            waiting.popleft()
        if limit is not None and len(waiting) >= limit:
            waits.append(None)
            continue
        begin = max(moment, heapq.heappop(free))
        heapq.heappush(free, begin + service)
        if begin > moment:
            waiting.append(begin)
        waits.append(begin - moment)
    return waits


def poisson(chance, rate, count):
    moment, moments = 0.0, []
    for _ in range(count):
        moment += chance.expovariate(rate)
        moments.append(moment)
    return moments


def lengths(chance, mean, variation, count):
    if variation == 0:
        return [mean] * count
    shape = 1 / variation ** 2
    return [chance.gammavariate(shape, mean / shape) for _ in range(count)]


def summary(waits):
    """(share refused, mean, 95th percentile) in seconds."""
    taken = sorted(value for value in waits if value is not None)
    return 1 - len(taken) / len(waits), sum(taken) / len(taken), taken[int(len(taken) * 0.95)]


def simulated(arrivals, service, slots, variation, limit=None, count=400_000, seed=1):
    chance = random.Random(seed)
    waits = simulate(poisson(chance, arrivals, count), lengths(chance, service, variation, count), slots, limit)
    # The beginning, when nobody waits yet, is left out.
    return summary(waits[count // 10:])


def tables():
    print("| slots | load | variation | formula: mean, p95 s | simulation: mean, p95 s |")
    print("|---|---|---|---|---|")
    for slots in (4, 32, 256):
        for load in (0.7, 0.9, 0.95):
            for variation in (1.0, 0.5):
                arrivals = load * slots / 10
                _, mean, late = wait(arrivals, 10, slots, variation)
                _, real, real_late = simulated(arrivals, 10, slots, variation)
                print(f"| {slots} | {load:.0%} | {variation} | {mean:.2f}, {late:.1f} | {real:.2f}, {real_late:.1f} |")
    print("\n| slots | load | limit | formula: refused, mean wait s | simulation: refused, mean wait, p95 s |")
    print("|---|---|---|---|---|")
    for slots, load, limit in ((4, 0.9, 8), (4, 1.2, 48), (32, 1.2, 64), (32, 1.2, 384), (64, 2.0, 768)):
        arrivals = load * slots / 10
        refused, _, mean = blocked(arrivals, 10, slots, limit)
        real, real_mean, late = simulated(arrivals, 10, slots, 1.0, limit)
        print(f"| {slots} | {load:.0%} | {limit} | {refused:.1%}, {mean:.1f} | {real:.1%}, {real_mean:.1f}, {late:.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arrivals", type=float)
    parser.add_argument("--service", type=float, default=10)
    parser.add_argument("--slots", type=int, default=32)
    parser.add_argument("--variation", type=float, default=1)
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    if options.arrivals is None:
        return tables()
    load = options.arrivals * options.service / options.slots
    print(f"load {load:.0%} of {options.slots} slots")
    if load < 1:
        share, mean, late = wait(options.arrivals, options.service, options.slots, options.variation)
        print(f"formula, endless queue: {share:.1%} wait, mean {mean:.2f} s, 95 % less than {late:.1f} s")
    if options.limit:
        refused, share, mean = blocked(options.arrivals, options.service, options.slots, options.limit)
        print(f"formula, {options.limit} may wait, exponential: {refused:.2%} refused, mean wait {mean:.2f} s")
    refused, mean, late = simulated(options.arrivals, options.service, options.slots, options.variation, options.limit)
    print(f"simulation: {refused:.2%} refused, mean {mean:.2f} s, 95 % less than {late:.1f} s")


if __name__ == "__main__":
    main()
