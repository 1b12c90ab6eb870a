/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.doctor;

import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.Fifo;
import io.nettyipc.process.Stdio;
import io.nettyipc.shm.Shm;
import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * Says what works on this machine, in this JVM, and what doesn't and why; which limits and directories matter; and how
 * long a round trip takes over each transport. Run it where the program runs that has trouble: as the same user, in the
 * same container, with the same options of the JVM.
 *
 * <pre>mvn -q -pl examples -am compile -Dexample=doctor.Doctor</pre>
 *
 * The argument is the number of seconds that each transport is measured for, 1 without one; 0 measures nothing.
 */
public final class Doctor {

    private final PrintStream out;

    private Doctor(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws InterruptedException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 1;
        Doctor doctor = new Doctor(System.out);
        doctor.section("JVM");
        JvmReport.print(doctor::line);
        doctor.section("Transports");
        doctor.transports();
        doctor.section("Limits");
        Limits.print(doctor::line);
        doctor.section("Directories");
        Directories.print(doctor::line);
        if (seconds > 0) {
            doctor.section("Round trips of 64 bytes between two event loops of this process");
            RoundTrips.print(seconds, doctor::line);
        }
    }

    /** Takes what is found out, a line at a time. */
    interface Report {
        void line(String name, Object text);
    }

    private void section(String title) {
        out.println(title);
    }

    private void line(String name, Object text) {
        out.printf("  %-26s %s%n", name, text);
    }

    private void transports() {
        availability(
                "named pipes",
                NamedPipe::unavailabilityCause,
                () -> "yes, as " + NamedPipe.channelType().getSimpleName());
        availability("shared memory", Shm::unavailabilityCause, () -> "yes");
        availability("mailslots", Mailslot::unavailabilityCause, () -> "yes");
        availability("child processes", ChildProcess::unavailabilityCause, () -> "yes");
        availability("standard streams", Stdio::unavailabilityCause, () -> "yes");
        availability("FIFOs", Fifo::unavailabilityCause, () -> "yes");
    }

    private void availability(String name, Supplier<Throwable> cause, Supplier<String> yes) {
        Throwable problem = cause.get();
        line(name, problem == null ? yes.get() : "no: " + reason(problem));
    }

    /** All that an exception and its causes say, in one line. */
    static String reason(Throwable problem) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            if (text.indexOf(said) < 0) {
                text.append(text.isEmpty() ? "" : "; ").append(said);
            }
        }
        return text.toString().replaceAll("\\s+", " ");
    }
}
