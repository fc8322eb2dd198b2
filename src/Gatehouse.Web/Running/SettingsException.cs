namespace Gatehouse.Web;

/// <summary>Settings of an application are wrong: found when it starts. The message names each, what was found and what was expected.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public SettingsException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and why.</summary>
    public SettingsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Settings that are wrong.</summary>
    public SettingsException()
        : base("the settings are wrong")
    {
    }
}
