"""The worker of the voting application: takes votes out of the queue and counts them."""

import os
import time

import redis

REDIS = (os.environ.get("REDIS_HOST", "redis"), int(os.environ.get("REDIS_PORT_NUMBER", "6379")))


def main():
    print("counting votes from %s:%d" % REDIS)
    while True:
        try:
            vote = redis.command(*REDIS, "LPOP", "votes")
        except (OSError, RuntimeError) as problem:
            print("redis does not answer (%s), trying again" % problem)
            time.sleep(1)
            continue
        if vote is None:
            time.sleep(0.2)
            continue
        total = redis.command(*REDIS, "HINCRBY", "counts", vote, 1)
        print("a vote for %s, %d so far" % (vote, total))


if __name__ == "__main__":
    main()
