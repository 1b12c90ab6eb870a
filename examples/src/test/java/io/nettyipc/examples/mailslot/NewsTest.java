/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mailslot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.examples.ExampleProgram;
import io.nettyipc.mailslot.Mailslot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NewsTest {
    @Test
    void theReaderPrintsWhatTheWritersSend() throws Exception {
        assumeTrue(Mailslot.isAvailable(), () -> "no mailslots: " + Mailslot.unavailabilityCause());
        String mailslot = "news-test-" + ProcessHandle.current().pid();
        try (ExampleProgram reader = new ExampleProgram(NewsReader.class, mailslot)) {
            reader.awaitLine("reading ");
            for (String paper : new String[] {"morning", "evening"}) {
                try (ExampleProgram writer = new ExampleProgram(NewsWriter.class, mailslot)) {
                    writer.type("the " + paper + " paper");
                    assertEquals("news: the " + paper + " paper", reader.awaitLine("news: "));
                    assertEquals(0, writer.finish());
                }
            }
        }
    }
}
