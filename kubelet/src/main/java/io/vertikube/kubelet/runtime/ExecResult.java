package io.vertikube.kubelet.runtime;

/** What a command left behind; output is cut by the runtime. Immutable: the text is decoded as UTF-8. */
public record ExecResult(int exitCode, String stdout, String stderr) {

    /** Both streams, as a probe reports them. */
    public String output() {
        return stdout + stderr;
    }
}
