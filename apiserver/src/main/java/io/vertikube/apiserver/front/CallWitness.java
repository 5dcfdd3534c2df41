package io.vertikube.apiserver.front;

/** Sees what goes in and out of one call, for a record of it. Told by whichever thread works for the call; must be quick. */
public interface CallWitness {

    /** The whole body arrived. */
    void sent(byte[] body);

    /** The head of the answer goes out. */
    void began(int code);

    /** The answer as a whole, where it is one; what is streamed is not shown. */
    void answered(Answer answer);

    /** The call failed in a way that nobody expected. */
    void broke();
}
