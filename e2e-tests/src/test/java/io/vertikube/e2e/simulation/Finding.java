package io.vertikube.e2e.simulation;

/** What is wrong, and with which object. Immutable. */
record Finding(ObjectId about, String what) {

    @Override
    public String toString() {
        return about + ": " + what;
    }
}
