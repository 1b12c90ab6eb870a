/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Every pair of decoder and encoder, with a limit of {@link #LIMIT} bytes, and messages for it. */
enum Codec {
    GRPC(List.of("\0", "\1", "\0\0\0\0\5", "\1\0\0\0\36")) {
        @Override
        ChannelHandler decoder() {
            return new GrpcMessageDecoder(LIMIT);
        }

        @Override
        ChannelHandler encoder() {
            return new GrpcMessageEncoder(LIMIT);
        }
    },
    GRPC_GZIP(List.of("\0", "\1", "\0\0\0\0\5", "\1\0\0\0\36", "\u001f\u008b\b")) {
        @Override
        ChannelHandler decoder() {
            return new GrpcMessageDecoder(LIMIT, "gzip", GrpcCompressor.gzip());
        }

        @Override
        ChannelHandler encoder() {
            return new GrpcMessageEncoder(LIMIT, GrpcCompressor.gzip());
        }

        @Override
        Object message(Random random) {
            // Compressed it has to be within the limit too.
            byte[] bytes = new byte[random.nextInt(random.nextInt(4) == 0 ? LIMIT - 40 : OFTEN)];
            random.nextBytes(bytes);
            ByteBuf content = Unpooled.wrappedBuffer(bytes);
            return switch (random.nextInt(3)) {
                case 0 -> content;
                case 1 -> new GrpcMessage(content, true);
                default -> new GrpcMessage(content, false);
            };
        }
    },
    UINT16(LengthField.UINT16),
    UINT16_LE(LengthField.UINT16_LE),
    UINT32(LengthField.UINT32),
    UINT32_LE(LengthField.UINT32_LE),
    UINT64(LengthField.UINT64),
    UINT64_LE(LengthField.UINT64_LE),
    SSH_AGENT(List.of("\0\0\0\5\13", "\0\3\377\377", "\0\4\0\0")) {
        @Override
        ChannelHandler decoder() {
            return LengthPrefixedFrameDecoder.sshAgent();
        }

        @Override
        ChannelHandler encoder() {
            return LengthPrefixedFrameEncoder.sshAgent();
        }
    },
    VARINT(List.of("\u0080", "\u00ff\u00ff\u00ff\u00ff\17", "\u00ac\2", "\0")) {
        @Override
        ChannelHandler decoder() {
            return new VarintFrameDecoder(LIMIT);
        }

        @Override
        ChannelHandler encoder() {
            return new VarintFrameEncoder(LIMIT);
        }
    },
    DISCORD(List.of("\1\0\0\0\5\0\0\0", "\0\0\0\0")) {
        @Override
        ChannelHandler decoder() {
            return new DiscordIpcFrameDecoder(LIMIT);
        }

        @Override
        ChannelHandler encoder() {
            return new DiscordIpcFrameEncoder(LIMIT);
        }

        @Override
        Object message(Random random) {
            return new DiscordIpcFrame(random.nextInt(), (ByteBuf) super.message(random));
        }

        @Override
        Object message(ByteBuf content) {
            return new DiscordIpcFrame(1, content);
        }
    },
    DOCKER(List.of("\1\0\0\0\0\0\0\5", "\2\0\0\0", "\4\0\0\0")) {
        @Override
        ChannelHandler decoder() {
            return new DockerStreamFrameDecoder(LIMIT);
        }

        @Override
        ChannelHandler encoder() {
            return new DockerStreamFrameEncoder(LIMIT);
        }

        @Override
        Object message(Random random) {
            DockerStreamFrame.Stream[] streams = DockerStreamFrame.Stream.values();
            return new DockerStreamFrame(streams[random.nextInt(streams.length)], (ByteBuf) super.message(random));
        }

        @Override
        Object message(ByteBuf content) {
            return new DockerStreamFrame(DockerStreamFrame.Stream.STDOUT, content);
        }
    },
    CONTENT_LENGTH(List.of(
            "Content-Length: ",
            "content-LENGTH:",
            "Content-Length: 5\r\n\r\n",
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n",
            "Content-Type: x; charset=",
            "utf8",
            "\"",
            ";",
            ":",
            "-",
            " ",
            "5",
            "99999999999999999999",
            "\r\n",
            "\r",
            "\n",
            "X: y\r\n",
            "a log line\n",
            "\u00ef\u00bb\u00bf")) {
        @Override
        ChannelHandler decoder() {
            return new ContentLengthFrameDecoder(LIMIT, 100);
        }

        @Override
        ChannelHandler encoder() {
            return new ContentLengthFrameEncoder();
        }
    },
    JSON_LINE(List.of(
            "{}",
            "\r\n",
            "\n",
            "\r",
            "{\"a\":1}\n",
            "\u00c3\u00a9",
            "\u00ed\u00a0\u0080",
            "\u00f4\u0090",
            "\u00ef\u00bb\u00bf",
            " ")) {
        @Override
        ChannelHandler decoder() {
            return new JsonLineDecoder(4 * LIMIT);
        }

        @Override
        ChannelHandler encoder() {
            return new JsonLineEncoder();
        }

        @Override
        Object message(Random random) {
            StringBuilder text = new StringBuilder();
            int length = 1 + random.nextInt(random.nextInt(4) == 0 ? LIMIT - 1 : OFTEN);
            while (text.codePointCount(0, text.length()) < length) {
                int codePoint = random.nextInt(0x20, 1 << (7 + random.nextInt(14)));
                if (Character.isValidCodePoint(codePoint) && (codePoint < 0xD800 || codePoint > 0xDFFF)) {
                    text.appendCodePoint(codePoint);
                }
            }
            return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        }
    };

    /** {@return whether the decoder goes on after a frame that it refuses} */
    boolean goesOn() {
        return this == JSON_LINE;
    }

    /** Beyond what encoders copy. */
    static final int LIMIT = 1_100;

    private static final int OFTEN = 300;

    private final LengthField lengthField;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final List<byte[]> dictionary;

    Codec(List<String> dictionary) {
        this.lengthField = null;
        this.dictionary = dictionary.stream()
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    Codec(LengthField lengthField) {
        this.lengthField = lengthField;
        this.dictionary = List.of(new byte[] {0}, new byte[] {5}, new byte[3], new byte[7], new byte[] {-1, -1});
    }

    ChannelHandler decoder() {
        return new LengthPrefixedFrameDecoder(lengthField, LIMIT);
    }

    ChannelHandler encoder() {
        return new LengthPrefixedFrameEncoder(lengthField, LIMIT);
    }

    /** A message that may be encoded, often one at the edges. */
    Object message(Random random) {
        int length = switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> LIMIT;
            case 2 -> random.nextInt(LIMIT);
            default -> random.nextInt(OFTEN);
        };
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Unpooled.wrappedBuffer(bytes);
    }

    /** The message with that content. */
    Object message(ByteBuf content) {
        return content;
    }

    /** Bytes that mean something to the decoder. */
    byte[] word(Random random) {
        return dictionary.get(random.nextInt(dictionary.size()));
    }
}
