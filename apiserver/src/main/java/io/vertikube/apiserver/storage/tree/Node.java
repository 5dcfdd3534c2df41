package io.vertikube.apiserver.storage.tree;

import java.util.Arrays;

/**
 * A node of the tree: a leaf of sorted keys with values, or an inner node of children. Overfull and underfull nodes
 * exist only between a change and the parent that mends them. Immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
sealed interface Node {

    /** Most entries of a leaf and most children of an inner node. */
    int MOST = 48;

    /** Below this a node is joined with a neighbour if both fit into one. */
    int FEW = MOST / 4;

    /** Entries of the leaf, or children of the inner node. */
    int width();

    /** Entries beneath. */
    int size();

    String firstKey();

    /** Two halves of a node. */
    Node leftHalf();

    Node rightHalf();

    /** This node followed by its right neighbour of the same sort. */
    Node joined(Node right);

    record Leaf(String[] keys, Object[] values) implements Node {

        @Override
        public int width() {
            return keys.length;
        }

        @Override
        public int size() {
            return keys.length;
        }

        @Override
        public String firstKey() {
            return keys[0];
        }

        int find(String key) {
            return Arrays.binarySearch(keys, key);
        }

        Leaf with(String key, Object value) {
            int at = find(key);
            if (at >= 0) {
                Object[] changed = values.clone();
                changed[at] = value;
                return new Leaf(keys, changed);
            }
            int to = -at - 1;
            return new Leaf(inserted(keys, to, key), inserted(values, to, value));
        }

        Leaf without(int at) {
            return new Leaf(removed(keys, at), removed(values, at));
        }

        @Override
        public Leaf leftHalf() {
            int half = keys.length / 2;
            return new Leaf(Arrays.copyOf(keys, half), Arrays.copyOf(values, half));
        }

        @Override
        public Leaf rightHalf() {
            int half = keys.length / 2;
            return new Leaf(
                    Arrays.copyOfRange(keys, half, keys.length), Arrays.copyOfRange(values, half, values.length));
        }

        @Override
        public Leaf joined(Node right) {
            Leaf other = (Leaf) right;
            return new Leaf(concatenated(keys, other.keys), concatenated(values, other.values));
        }
    }

    record Inner(Node[] children, String[] firstKeys, int size) implements Node {

        static Inner of(Node... children) {
            var firstKeys = new String[children.length];
            int size = 0;
            for (int i = 0; i < children.length; i++) {
                firstKeys[i] = children[i].firstKey();
                size += children[i].size();
            }
            return new Inner(children, firstKeys, size);
        }

        @Override
        public int width() {
            return children.length;
        }

        @Override
        public String firstKey() {
            return firstKeys[0];
        }

        /** The child whose range holds the key. */
        int childFor(String key) {
            int at = Arrays.binarySearch(firstKeys, key);
            return at >= 0 ? at : Math.max(0, -at - 2);
        }

        Inner withChild(int at, Node child) {
            if (child.width() > MOST) {
                Node[] replaced = children.clone();
                replaced[at] = child.leftHalf();
                return of(inserted(replaced, at + 1, child.rightHalf()));
            }
            Node[] replaced = children.clone();
            replaced[at] = child;
            String[] first = firstKeys;
            if (!first[at].equals(child.firstKey())) {
                first = first.clone();
                first[at] = child.firstKey();
            }
            return new Inner(replaced, first, size - children[at].size() + child.size());
        }

        /** Takes the child that is left after a removal, which may be too small or empty. */
        Inner shrunkChild(int at, Node child) {
            if (child.width() == 0) {
                return of(removed(children, at));
            }
            if (child.width() < FEW) {
                int left = at > 0 ? at - 1 : at;
                if (left + 1 < children.length) {
                    Node a = left == at ? child : children[left];
                    Node b = left == at ? children[at + 1] : child;
                    if (a.width() + b.width() <= MOST) {
                        Node[] fewer = removed(children, left + 1);
                        fewer[left] = a.joined(b);
                        return of(fewer);
                    }
                }
            }
            return withChild(at, child);
        }

        @Override
        public Inner leftHalf() {
            return of(Arrays.copyOf(children, children.length / 2));
        }

        @Override
        public Inner rightHalf() {
            return of(Arrays.copyOfRange(children, children.length / 2, children.length));
        }

        @Override
        public Inner joined(Node right) {
            return of(concatenated(children, ((Inner) right).children));
        }
    }

    private static <T> T[] inserted(T[] array, int at, T element) {
        T[] result = Arrays.copyOf(array, array.length + 1);
        System.arraycopy(array, at, result, at + 1, array.length - at);
        result[at] = element;
        return result;
    }

    private static <T> T[] removed(T[] array, int at) {
        T[] result = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, result, at, array.length - at - 1);
        return result;
    }

    private static <T> T[] concatenated(T[] a, T[] b) {
        T[] result = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, result, a.length, b.length);
        return result;
    }
}
