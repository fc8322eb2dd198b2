using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gatehouse.AspNetCore.Addresses;

/// <summary>The addresses: what is asked for before the server starts, what is bound from then on.</summary>
internal sealed class ServerAddressList : IServerAddressesFeature
{
    public ICollection<string> Addresses { get; } = [];

    public bool PreferHostingUrls { get; set; }
}
