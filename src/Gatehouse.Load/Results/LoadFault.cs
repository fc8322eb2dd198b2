using Gatehouse.Http.Client;

namespace Gatehouse.Load.Results;

/// <summary>Why a request has no answer.</summary>
public enum LoadFault
{
    /// <summary>No connection.</summary>
    Connect,

    /// <summary>A time limit passed.</summary>
    Timeout,

    /// <summary>The connection ended or broke before the answer did.</summary>
    Broken,

    /// <summary>The answer is not HTTP.</summary>
    Malformed,

    /// <summary>It was due, and the run was over before it could be sent or answered.</summary>
    Unfinished,
}

/// <summary>Sorts failures.</summary>
internal static class LoadFaults
{
    public const int Count = (int)LoadFault.Unfinished + 1;

    public static LoadFault Of(ClientFault fault) => fault switch
    {
        ClientFault.Connect or ClientFault.NameResolution or ClientFault.PoolExhausted or ClientFault.ProxyRefused or ClientFault.Refused => LoadFault.Connect,
        ClientFault.ConnectTimeout or ClientFault.ResponseTimeout or ClientFault.BodyTimeout or ClientFault.SendTimeout or ClientFault.TotalTimeout => LoadFault.Timeout,
        ClientFault.BadResponse or ClientFault.Redirect => LoadFault.Malformed,
        _ => LoadFault.Broken,
    };
}
