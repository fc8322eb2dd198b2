namespace Gatehouse.Http.Content;

/// <summary>Coded content is malformed, ends too early, or decodes to more than is allowed.</summary>
public sealed class ContentDecodingException : IOException
{
    /// <summary>A fault in the content, or with <paramref name="isLimit"/> a limit that it hit.</summary>
    public ContentDecodingException(string message, bool isLimit, Exception? innerException = null)
        : base(message, innerException) => IsLimit = isLimit;

    /// <summary>A fault in the content.</summary>
    public ContentDecodingException(string message)
        : base(message)
    {
    }

    /// <summary>A fault in the content.</summary>
    public ContentDecodingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault in the content.</summary>
    public ContentDecodingException()
        : base("The coded content is malformed.")
    {
    }

    /// <summary>True when the content is too large (413 for a request), false when it is malformed (400).</summary>
    public bool IsLimit { get; }
}
