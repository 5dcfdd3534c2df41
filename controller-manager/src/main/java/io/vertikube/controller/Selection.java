package io.vertikube.controller;

import java.util.List;

/**
 * Which controllers run, as {@code --controllers} says it: {@code *} for all that run by default, {@code name} for one more, {@code -name} for one less.
 * Immutable.
 */
record Selection(List<String> words) {
    Selection {
        words = List.copyOf(words);
    }

    /** Checks every name. @throws IllegalArgumentException for one that no controller has */
    static Selection of(List<String> words, List<Controllers> known) {
        for (String word : words) {
            String name = word.startsWith("-") ? word.substring(1) : word;
            boolean fits = name.equals("*")
                    || known.stream().anyMatch(row -> name.equals(row.name()) || name.equals(row.alias()));
            if (!fits) {
                throw new IllegalArgumentException("--controllers: \"" + name
                        + "\" is not in the list of known controllers: "
                        + known.stream().map(Controllers::name).toList());
            }
        }
        return new Selection(words);
    }

    boolean runs(Controllers row) {
        boolean all = false;
        for (String word : words) {
            if (word.equals(row.name()) || word.equals(row.alias())) {
                return true;
            }
            if (word.equals("-" + row.name()) || word.equals("-" + row.alias())) {
                return false;
            }
            all |= word.equals("*");
        }
        return all && row.byDefault();
    }
}
