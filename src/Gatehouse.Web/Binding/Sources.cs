namespace Gatehouse.Web;

/// <summary>Takes a parameter from the query.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromQueryAttribute(string? name = null) : Attribute
{
    /// <summary>The name there; null for the parameter's.</summary>
    public string? Name { get; } = name;
}

/// <summary>Takes a parameter from the path.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromRouteAttribute(string? name = null) : Attribute
{
    /// <summary>The name in the pattern; null for the parameter's.</summary>
    public string? Name { get; } = name;
}

/// <summary>Takes a parameter from a field of the request's head.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromHeaderAttribute(string? name = null) : Attribute
{
    /// <summary>The field's name; null for the parameter's, with hyphens for underscores.</summary>
    public string? Name { get; } = name;
}

/// <summary>Takes a parameter from a cookie.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromCookieAttribute(string? name = null) : Attribute
{
    /// <summary>The cookie's name; null for the parameter's.</summary>
    public string? Name { get; } = name;
}

/// <summary>Takes a parameter from a form in the body: a field, a file, or for a record all of its fields.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromFormAttribute(string? name = null) : Attribute
{
    /// <summary>The field's name; null for the parameter's.</summary>
    public string? Name { get; } = name;
}

/// <summary>Takes a parameter from the body: JSON, or a form for a client that sends one.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromBodyAttribute : Attribute;

/// <summary>Takes a parameter from the application's services.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromServicesAttribute : Attribute;

/// <summary>A property that no request may set, whatever it sends: neither forms nor JSON.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BindNeverAttribute : Attribute;
