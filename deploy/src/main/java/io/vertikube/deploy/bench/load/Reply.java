package io.vertikube.deploy.bench.load;

import io.netty.buffer.ByteBuf;

/** What becomes of one request. Called on the event loop of its connection. */
public interface Reply {

    /** The head of the answer is there. */
    default void begun(int status) {}

    /** A piece of the body; only valid during the call. */
    default void part(ByteBuf part) {}

    /**
     * It is all there.
     *
     * @param body bytes of the body
     */
    void done(int status, long body);

    /** The connection broke. */
    void failed(Throwable why);
}
