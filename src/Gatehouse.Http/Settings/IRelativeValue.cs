namespace Gatehouse.Http.Settings;

/// <summary>A value that holds a path which may be relative to the configuration file.</summary>
public interface IRelativeValue
{
    /// <summary>The same value, with its path made absolute.</summary>
    /// <param name="folder">The absolute path of the configuration file's folder.</param>
    object ResolvedFrom(string folder);
}
