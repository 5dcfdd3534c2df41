package io.vertikube.apiserver.flow;

import java.util.Arrays;

/**
 * Which queues a flow may wait in: a hand of cards dealt from its hash, so that a busy flow shares all its queues with
 * hardly any other ("shuffle sharding"). Pure.
 */
final class Hand {

    private Hand() {}

    /** Different numbers below {@code queues}, always the same for a hash. */
    static int[] of(long hash, int queues, int size) {
        var hand = new int[size];
        long rest = hash >>> 4;
        for (int i = 0; i < size; i++) {
            int left = queues - i;
            int card = (int) (rest % left);
            rest /= left;
            hand[i] = card;
        }
        // Each card counts those that are left: the dealt ones below it are stepped over, the smallest first.
        for (int i = 1; i < size; i++) {
            int[] before = new int[i];
            System.arraycopy(hand, 0, before, 0, i);
            Arrays.sort(before);
            for (int dealt : before) {
                if (dealt <= hand[i]) {
                    hand[i]++;
                }
            }
        }
        return hand;
    }

    /** Spreads a schema and what tells its flows apart over all bits (FNV-1a, finished as in SplitMix). */
    static long hash(String schema, String flow) {
        long hash = 0xcbf29ce484222325L;
        hash = add(hash, schema);
        hash = (hash ^ 0xff) * 0x100000001b3L;
        hash = add(hash, flow);
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }

    private static long add(long hash, String text) {
        long next = hash;
        for (int i = 0; i < text.length(); i++) {
            next = (next ^ text.charAt(i)) * 0x100000001b3L;
        }
        return next;
    }
}
