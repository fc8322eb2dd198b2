namespace Gatehouse.Web;

/// <summary>Markup has a value where no escaping can make it safe, or does not end what it began. A fault of the program, whatever the value is.</summary>
public sealed class HtmlException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public HtmlException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and why.</summary>
    public HtmlException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Markup that cannot be made.</summary>
    public HtmlException()
        : base("the markup cannot be made safe")
    {
    }
}
