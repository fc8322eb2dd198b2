namespace Gatehouse.Dns.Forwarder;

/// <summary>Takes the lines of the query log. From any reactor; must not wait.</summary>
public interface IQueryLog
{
    /// <summary>Takes a line in UTF-8, with its line feed.</summary>
    void Append(ReadOnlySpan<byte> line);
}
