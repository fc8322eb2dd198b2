using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>Opens connections for code that is written with async and await.</summary>
public static class NetClient
{
    /// <summary>Connects to an endpoint.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="timeout">How long it may take; 10 s when null.</param>
    /// <param name="reactor">Where the connection lives: the reactor whose thread this is, else one of <see cref="ReactorGroup.Shared"/>, when null.</param>
    /// <param name="cancellation">Gives the attempt up.</param>
    /// <exception cref="TimeoutException">The peer did not answer in time.</exception>
    /// <exception cref="IOException">The connection was refused or the network failed; the inner exception has the socket error.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Task<TransportStream> ConnectAsync(
        Endpoint endpoint, TimeSpan? timeout = null, Reactor? reactor = null, CancellationToken cancellation = default) =>
        ConnectAsync(endpoint, null, "", timeout, reactor, cancellation);

    /// <summary>Connects to an endpoint and shakes hands over TLS.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="tls">The client's side of TLS.</param>
    /// <param name="name">The host name or address that the server's certificate must be for.</param>
    /// <param name="timeout">How long all of it may take; 10 s when null.</param>
    /// <param name="reactor">Where the connection lives, as in the other overload.</param>
    /// <param name="cancellation">Gives the attempt up.</param>
    /// <exception cref="TimeoutException">The peer did not answer in time.</exception>
    /// <exception cref="IOException">The connection was refused, or the peer is not whom it should be; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Task<TransportStream> ConnectTlsAsync(
        Endpoint endpoint, TlsClient tls, string name, TimeSpan? timeout = null, Reactor? reactor = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tls);
        return ConnectAsync(endpoint, tls, name, timeout, reactor, cancellation);
    }

    private static Task<TransportStream> ConnectAsync(
        Endpoint endpoint, TlsClient? tls, string name, TimeSpan? timeout, Reactor? reactor, CancellationToken cancellation)
    {
        reactor ??= Reactor.Current ?? ReactorGroup.Shared.Pick();
        var attempt = new Attempt(reactor, endpoint, tls, name, (long)(timeout ?? TimeSpan.FromSeconds(10)).TotalMilliseconds, cancellation);
        if (reactor.IsCurrent)
            attempt.Run();
        else
            reactor.Post(attempt);
        return attempt.Task;
    }

    private sealed class Attempt(Reactor reactor, Endpoint endpoint, TlsClient? tls, string name, long timeout, CancellationToken cancellation)
        : IReactorWork, ITransportEvents, ITimerTarget
    {
        private readonly TaskCompletionSource<TransportStream> _done =
            new(reactor.IsCurrent ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

        private CancellationTokenRegistration _registration;
        private ReactorTimer? _timer;
        private Transport? _transport;

        internal Task<TransportStream> Task => _done.Task;

        public void Run()
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                _timer = new ReactorTimer(reactor, this);
                _timer.Arm(timeout);
                _transport = Connector.Connect(reactor, endpoint, this);
                if (tls is not null)
                    _transport = TlsTransport.Connect(_transport, tls, name, this);
                _registration = cancellation.UnsafeRegister(static state => ((Attempt)state!).Cancel(), this);
            }
            catch (Exception exception)
            {
                Fail(exception);
            }
        }

        public void OnReadable()
        {
        }

        public void OnWritable()
        {
            Settle();
            _done.TrySetResult(new TransportStream(_transport!));
        }

        public void OnBroken(int errno) => Fail(TransportStream.Broken(_transport!, "connect to", errno));

        public void OnTimer() =>
            Fail(new TimeoutException($"Expected {endpoint} to answer within the connect time-out of {timeout} ms; it did not."));

        private void Cancel() => reactor.TryPost(new CallbackWork(static state => ((Attempt)state!).Canceled(), this));

        private void Canceled() => Fail(new OperationCanceledException(cancellation));

        private void Settle()
        {
            _timer?.Release();
            _registration.Unregister();
        }

        private void Fail(Exception exception)
        {
            if (_done.Task.IsCompleted)
                return;
            Settle();
            _transport?.Close();
            if (exception is OperationCanceledException)
                _done.TrySetCanceled(cancellation);
            else
                _done.TrySetException(exception);
        }
    }
}
