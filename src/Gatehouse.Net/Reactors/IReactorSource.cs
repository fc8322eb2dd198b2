namespace Gatehouse.Net.Reactors;

/// <summary>What owns a descriptor in a reactor's epoll set.</summary>
internal interface IReactorSource
{
    /// <summary>Who is called for its events; read by the watchdog from its own thread.</summary>
    object? Owner { get; }

    /// <summary>The descriptor has these events (EPOLLIN and so on of epoll_ctl(2)).</summary>
    void OnEvents(uint events);

    /// <summary>The reactor ends: closes the descriptor and tells whoever waits for it.</summary>
    void OnReactorEnded();
}
