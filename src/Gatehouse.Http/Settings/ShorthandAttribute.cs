namespace Gatehouse.Http.Settings;

/// <summary>
/// Marks the setting of a record that a bare scalar or list stands for: with it on <c>Root</c>, <c>cgi: ./dir</c> means <c>cgi: {root: ./dir}</c>.
/// At most one of a record.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShorthandAttribute : Attribute;
