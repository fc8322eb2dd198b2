namespace Gatehouse.Web;

/// <summary>A template is missing, cannot be read, or fails; the message names the file and, where there is one, the line and column.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public TemplateException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and why.</summary>
    public TemplateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A template that cannot be used.</summary>
    public TemplateException()
        : base("a template cannot be used")
    {
    }
}
