using System.Runtime.InteropServices;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Interop;

/// <summary>Native memory for the headers, addresses and bytes of a batch of datagrams, in the form that recvmmsg(2) and sendmmsg(2) take.</summary>
internal sealed unsafe class DatagramSlots : SafeHandle
{
    private readonly Libc.BatchedMessage* _messages;
    private readonly Libc.IoVector* _vectors;
    private readonly byte* _addresses;
    private readonly byte* _bytes;
    private readonly int _count;
    private readonly int _size;

    internal DatagramSlots(int count, int size)
        : base(0, ownsHandle: true)
    {
        _count = count;
        _size = size;
        var fixedBytes = (nuint)(sizeof(Libc.BatchedMessage) + sizeof(Libc.IoVector) + SocketAddress.MaxBytes);
        var memory = (byte*)NativeMemory.AllocZeroed((nuint)count, fixedBytes + (nuint)size);
        SetHandle((nint)memory);
        _messages = (Libc.BatchedMessage*)memory;
        _vectors = (Libc.IoVector*)(_messages + count);
        _addresses = (byte*)(_vectors + count);
        _bytes = _addresses + (count * SocketAddress.MaxBytes);
        for (var i = 0; i < count; i++)
        {
            _vectors[i].Base = _bytes + ((long)i * size);
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The bytes of slot <paramref name="index"/>, as many as it holds.</summary>
    internal Span<byte> Data(int index) => new(_vectors[index].Base, (int)_messages[index].Length);

    /// <summary>The peer of slot <paramref name="index"/>.</summary>
    internal Endpoint Peer(int index) =>
        SocketAddress.Read(new ReadOnlySpan<byte>(_addresses + (index * SocketAddress.MaxBytes), (int)_messages[index].Header.NameLength));

    /// <summary>True when the datagram in slot <paramref name="index"/> was longer than the slot.</summary>
    internal bool IsTruncated(int index) => (_messages[index].Header.Flags & SocketConstants.Truncated) != 0;

    /// <summary>Fills slot <paramref name="index"/> for sending; to the connected peer when <paramref name="peer"/> is the default endpoint.</summary>
    internal void Set(int index, ReadOnlySpan<byte> data, in Endpoint peer)
    {
        data.CopyTo(new Span<byte>(_vectors[index].Base, _size));
        _vectors[index].Length = (nuint)data.Length;
        _messages[index].Length = (uint)data.Length;
        var address = _addresses + (index * SocketAddress.MaxBytes);
        var none = peer.Address.IsNone;
        _messages[index].Header.Name = none ? null : address;
        _messages[index].Header.NameLength = none ? 0 : (uint)SocketAddress.Write(peer, new Span<byte>(address, SocketAddress.MaxBytes));
    }

    /// <summary>All bytes of slot <paramref name="index"/>.</summary>
    internal Span<byte> Room(int index) => new(_bytes + ((long)index * _size), _size);

    /// <summary>Has slot <paramref name="index"/>, whose bytes are written, sent to where a slot of <paramref name="received"/> came from.</summary>
    internal void SetReply(int index, int length, DatagramSlots received, int from)
    {
        _vectors[index].Length = (nuint)length;
        _messages[index].Length = (uint)length;
        var address = _addresses + (index * SocketAddress.MaxBytes);
        var peer = received._addresses + (from * SocketAddress.MaxBytes);
        var bytes = Math.Min(received._messages[from].Header.NameLength, SocketAddress.MaxBytes);
        new ReadOnlySpan<byte>(peer, (int)bytes).CopyTo(new Span<byte>(address, SocketAddress.MaxBytes));
        _messages[index].Header.Name = address;
        _messages[index].Header.NameLength = bytes;
    }

    /// <summary>recvmmsg(2) into all slots: Done with the number of datagrams.</summary>
    internal IoResult Receive(int descriptor)
    {
        for (var i = 0; i < _count; i++)
        {
            _vectors[i].Length = (nuint)_size;
            _messages[i].Header.Name = _addresses + (i * SocketAddress.MaxBytes);
            _messages[i].Header.NameLength = SocketAddress.MaxBytes;
        }

        while (true)
        {
            var count = Libc.ReceiveMessages(descriptor, _messages, (uint)_count, SocketConstants.DontWait, null);
            if (count >= 0)
                return IoResult.Done(count);
            var errno = Marshal.GetLastSystemError();
            if (errno != Errno.Interrupted)
                return errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
        }
    }

    /// <summary>sendmmsg(2) of <paramref name="count"/> slots from <paramref name="start"/>: Done with the number of datagrams that went out.</summary>
    internal IoResult Send(int descriptor, int start, int count)
    {
        while (true)
        {
            var sent = Libc.SendMessages(descriptor, _messages + start, (uint)count, SocketConstants.DontWait | SocketConstants.NoSignal);
            if (sent >= 0)
                return IoResult.Done(sent);
            var errno = Marshal.GetLastSystemError();
            if (errno != Errno.Interrupted)
                return errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
