/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.AbstractIpcChannelConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.NamedPipeSecurity;
import io.nettyipc.pipe.NamedPipeServerChannelConfig;

/** The configuration of a {@link WindowsNamedPipeServerChannel}. */
final class WindowsNamedPipeServerChannelConfig extends AbstractIpcChannelConfig
        implements NamedPipeServerChannelConfig {

    private static final OptionTable<WindowsNamedPipeServerChannelConfig> OPTIONS =
            OptionTable.<WindowsNamedPipeServerChannelConfig>empty()
                    .with(
                            ChannelOption.SO_BACKLOG,
                            WindowsNamedPipeServerChannelConfig::getPendingInstances,
                            WindowsNamedPipeServerChannelConfig::setBacklog)
                    .with(
                            NamedPipeChannelOption.PIPE_PENDING_INSTANCES,
                            WindowsNamedPipeServerChannelConfig::getPendingInstances,
                            WindowsNamedPipeServerChannelConfig::setPendingInstances)
                    .with(
                            NamedPipeChannelOption.PIPE_MAX_INSTANCES,
                            WindowsNamedPipeServerChannelConfig::getMaxInstances,
                            WindowsNamedPipeServerChannelConfig::setMaxInstances)
                    .with(
                            NamedPipeChannelOption.PIPE_IN_QUOTA,
                            WindowsNamedPipeServerChannelConfig::getInQuota,
                            WindowsNamedPipeServerChannelConfig::setInQuota)
                    .with(
                            NamedPipeChannelOption.PIPE_OUT_QUOTA,
                            WindowsNamedPipeServerChannelConfig::getOutQuota,
                            WindowsNamedPipeServerChannelConfig::setOutQuota)
                    .with(
                            NamedPipeChannelOption.PIPE_FIRST_INSTANCE,
                            WindowsNamedPipeServerChannelConfig::isFirstInstance,
                            WindowsNamedPipeServerChannelConfig::setFirstInstance)
                    .with(
                            NamedPipeChannelOption.PIPE_REJECT_REMOTE,
                            WindowsNamedPipeServerChannelConfig::isRejectRemote,
                            WindowsNamedPipeServerChannelConfig::setRejectRemote)
                    .with(
                            NamedPipeChannelOption.PIPE_SECURITY,
                            WindowsNamedPipeServerChannelConfig::getSecurity,
                            WindowsNamedPipeServerChannelConfig::setSecurity)
                    .with(
                            NamedPipeChannelOption.PIPE_ACCESS,
                            WindowsNamedPipeServerChannelConfig::getAccess,
                            WindowsNamedPipeServerChannelConfig::setAccess)
                    .with(
                            NamedPipeChannelOption.PIPE_TYPE,
                            WindowsNamedPipeServerChannelConfig::getType,
                            WindowsNamedPipeServerChannelConfig::setType);

    private static final int MAX_INSTANCES = 254;
    private static final int MAX_BACKLOG = 64;
    private static final int DEFAULT_PENDING_INSTANCES = 16;
    private static final int DEFAULT_QUOTA = 64 * 1024;

    private volatile int pendingInstances = DEFAULT_PENDING_INSTANCES;
    private volatile int maxInstances = Kernel32.PIPE_UNLIMITED_INSTANCES;
    private volatile int inQuota = DEFAULT_QUOTA;
    private volatile int outQuota = DEFAULT_QUOTA;
    private volatile boolean firstInstance = true;
    private volatile boolean rejectRemote = true;
    private volatile NamedPipeSecurity security = NamedPipeSecurity.CURRENT_USER;
    private volatile NamedPipeAccess access = NamedPipeAccess.DUPLEX;
    private volatile NamedPipeMode type = NamedPipeMode.BYTE;

    WindowsNamedPipeServerChannelConfig(WindowsNamedPipeServerChannel channel) {
        super(channel, new ServerChannelRecvByteBufAllocator(), OPTIONS);
    }

    /** Frameworks set it blindly to hundreds; each pending instance costs the kernel and us something. */
    private void setBacklog(int backlog) {
        setPendingInstances(Math.max(1, Math.min(MAX_BACKLOG, backlog)));
    }

    @Override
    public int getPendingInstances() {
        return pendingInstances;
    }

    @Override
    public NamedPipeServerChannelConfig setPendingInstances(int pendingInstances) {
        this.pendingInstances = ObjectUtil.checkInRange(pendingInstances, 1, MAX_INSTANCES, "pendingInstances");
        return this;
    }

    @Override
    public int getMaxInstances() {
        return maxInstances;
    }

    @Override
    public NamedPipeServerChannelConfig setMaxInstances(int maxInstances) {
        this.maxInstances = ObjectUtil.checkInRange(maxInstances, 1, Kernel32.PIPE_UNLIMITED_INSTANCES, "maxInstances");
        return this;
    }

    @Override
    public int getInQuota() {
        return inQuota;
    }

    @Override
    public NamedPipeServerChannelConfig setInQuota(int inQuota) {
        this.inQuota = ObjectUtil.checkPositiveOrZero(inQuota, "inQuota");
        return this;
    }

    @Override
    public int getOutQuota() {
        return outQuota;
    }

    @Override
    public NamedPipeServerChannelConfig setOutQuota(int outQuota) {
        this.outQuota = ObjectUtil.checkPositiveOrZero(outQuota, "outQuota");
        return this;
    }

    @Override
    public boolean isFirstInstance() {
        return firstInstance;
    }

    @Override
    public NamedPipeServerChannelConfig setFirstInstance(boolean firstInstance) {
        this.firstInstance = firstInstance;
        return this;
    }

    @Override
    public boolean isRejectRemote() {
        return rejectRemote;
    }

    @Override
    public NamedPipeServerChannelConfig setRejectRemote(boolean rejectRemote) {
        this.rejectRemote = rejectRemote;
        return this;
    }

    @Override
    public NamedPipeSecurity getSecurity() {
        return security;
    }

    @Override
    public NamedPipeServerChannelConfig setSecurity(NamedPipeSecurity security) {
        this.security = ObjectUtil.checkNotNull(security, "security");
        return this;
    }

    @Override
    public NamedPipeAccess getAccess() {
        return access;
    }

    @Override
    public NamedPipeServerChannelConfig setAccess(NamedPipeAccess access) {
        this.access = ObjectUtil.checkNotNull(access, "access");
        return this;
    }

    @Override
    public NamedPipeMode getType() {
        return type;
    }

    @Override
    public NamedPipeServerChannelConfig setType(NamedPipeMode type) {
        this.type = ObjectUtil.checkNotNull(type, "type");
        return this;
    }
}
