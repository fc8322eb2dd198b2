namespace Gatehouse.Dns.Resolver;

/// <summary>Where host names are looked for, in which order (the hosts line of nsswitch.conf(5)). Immutable.</summary>
public sealed record NameSwitch
{
    /// <summary>The sources that are known here, in their order: files and dns.</summary>
    public IReadOnlyList<string> Sources { get; private init; } = ["files", "dns"];

    /// <summary>True when what is not in the files is not asked for (files [NOTFOUND=return] dns).</summary>
    public bool StopsAfterFiles { get; private init; }

    /// <summary>Reads the file. Sources that are not known (mymachines, resolve, mdns) are passed over; without a line for hosts it is files, then dns.</summary>
    public static NameSwitch Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var line in text.Split('\n'))
        {
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            var words = (comment < 0 ? line : line[..comment]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is not ["hosts:", .. var sources])
                continue;
            var known = new List<string>();
            var stops = false;
            for (var i = 0; i < sources.Length; i++)
            {
                if (sources[i] is "files" or "dns" && !known.Contains(sources[i]))
                    known.Add(sources[i]);
                // An action belongs to the source before it; that of an unknown one goes with it.
                else if (sources[i].Equals("[NOTFOUND=return]", StringComparison.OrdinalIgnoreCase) && i > 0 && sources[i - 1] == "files")
                    stops = true;
            }
            return new NameSwitch { Sources = known, StopsAfterFiles = stops };
        }
        return new NameSwitch();
    }
}
