namespace Gatehouse.Http.Forms;

/// <summary>A form that was sent: its fields and files in order. Disposing it lets go of the files.</summary>
public sealed class Form : IDisposable
{
    private readonly List<FormField> _fields = [];
    private readonly List<FormFile> _files = [];

    /// <summary>The fields; a name may come more than once.</summary>
    public IReadOnlyList<FormField> Fields => _fields;

    /// <summary>The files; a name may come more than once. A file input for which no file was chosen is not among them.</summary>
    public IReadOnlyList<FormFile> Files => _files;

    /// <summary>The value of the first field of that name; null when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var field in _fields)
            {
                if (field.Name == name)
                    return field.Value;
            }
            return null;
        }
    }

    /// <summary>The values of all fields of that name.</summary>
    public IReadOnlyList<string> All(string name)
    {
        var values = new List<string>();
        foreach (var field in _fields)
        {
            if (field.Name == name)
                values.Add(field.Value);
        }
        return values;
    }

    /// <summary>The first file of that name; null when there is none.</summary>
    public FormFile? File(string name)
    {
        foreach (var file in _files)
        {
            if (file.Name == name)
                return file;
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    internal void Add(FormField field) => _fields.Add(field);

    internal void Add(FormFile file) => _files.Add(file);
}
