package io.vertikube.controller.frame;

import io.vertikube.control.Controller;
import java.util.List;

/**
 * A controller as the service runs it: built while informers are still silent, started once they are in step, closed when
 * leadership or the process ends.
 */
public interface ManagedController extends AutoCloseable {

    void start();

    @Override
    void close();

    /** A controller made of work queues alone. */
    static ManagedController of(Controller... queues) {
        return of(List.of(queues), () -> {});
    }

    /** A controller made of work queues, with something to do right after they have started. */
    static ManagedController of(List<Controller> queues, Runnable afterStart) {
        return new ManagedController() {
            @Override
            public void start() {
                queues.forEach(Controller::start);
                afterStart.run();
            }

            @Override
            public void close() {
                queues.forEach(Controller::close);
            }
        };
    }
}
