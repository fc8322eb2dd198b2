namespace Gatehouse.Pki.Acme.Server;

/// <summary>A request that is answered with a problem document (RFC 8555 section 6.7).</summary>
internal sealed class AcmeRefusal(int status, string type, string detail) : Exception(detail)
{
    public int Status => status;

    /// <summary>The last part of the problem's URN.</summary>
    public string Type => type;

    public static AcmeRefusal Malformed(string detail) => new(400, "malformed", detail);

    public static AcmeRefusal NotFound() => new(404, "malformed", "There is no such resource.");

    public static AcmeRefusal Unauthorized(string detail) => new(403, "unauthorized", detail);
}
