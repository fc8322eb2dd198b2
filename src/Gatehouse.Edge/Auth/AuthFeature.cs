using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Auth;

/// <summary><c>auth</c>: lets in whoever proves who they are.</summary>
public sealed class AuthFeature() : WrapperFeature<AuthConfig>("auth", "Ask clients for a user and a password", ordinal: 75)
{
    /// <inheritdoc/>
    public override IHandler Wrap(AuthConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        var users = new List<Account>();
        foreach (var (name, text) in config.Basic.Users)
        {
            if (PasswordHash.TryParse(text, out var hash, out _))
                users.Add(new Account(name, hash));
        }
        if (config.Basic.File is { } file)
        {
            if (!HtpasswdFile.TryRead(file.Value, out var more, out var faults))
                throw new IOException(faults[0]);
            users.AddRange(more);
        }
        return new AuthHandler(config, new AccountTable(users), inner);
    }

    /// <inheritdoc/>
    protected override void Validate(AuthConfig config, IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(faults);
        if (config.Basic.File is not { } file || HtpasswdFile.TryRead(file.Value, out _, out var found))
            return;
        foreach (var fault in found)
            faults.Report("basic.file", fault);
    }
}
