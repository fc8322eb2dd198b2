using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gatehouse.Config.Yaml;

/// <summary>
/// Turns the text of a YAML file into nodes. Built on the parser's events and not on its node tree, which stops at the first duplicate key and expands
/// without bounds.
/// </summary>
internal sealed class YamlReader(Interpolator interpolator, FaultList faults)
{
    private readonly Dictionary<string, (YamlNode Node, int Size, int Depth)> _anchors = [];
    private string _file = "";
    private int _nodes;

    /// <summary>Reads the one document of a file; an empty file is an empty mapping. Null when it cannot be read, which has been reported.</summary>
    public YamlNode? Read(string text, string file)
    {
        _file = file;
        _anchors.Clear();
        var parser = new Parser(new Scanner(new StringReader(text)));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return new YamlMapping(new SourceMark(file, 1, 1), []);
            parser.Consume<DocumentStart>();
            var (node, _, _) = ReadNode(parser, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
                faults.Add(MarkOf(parser.Current!.Start), "found a second document, expected one YAML document in a file");
            return node;
        }
        catch (YamlException e)
        {
            var mark = MarkOf(e.Start);
            faults.Add(mark, e is LimitException ? e.Message : $"not valid YAML: {Uncapitalised(e.Message)}{Hint(text, mark.Line)}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser throws exceptions of other kinds for some malformed texts; whatever it is, this file cannot be read.
            faults.Add(new SourceMark(file, 1, 1), $"not valid YAML: {Uncapitalised(e.Message)}");
        }
        return null;
    }

    private (YamlNode Node, int Size, int Depth) ReadNode(Parser parser, int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return ReadAlias(alias, depth);
        parser.Accept<NodeEvent>(out var start);
        if (start is null)
            throw new LimitException(parser.Current!.Start, "not valid YAML: expected a value");
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific && !start.Tag.Value.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
            faults.Add(MarkOf(start.Start), $"found the tag '{YamlScalar.Shown(start.Tag.Value)}', expected a value without tag");
        Count(1, start.Start);
        if (depth >= YamlLimits.Depth && start is not Scalar)
            throw new LimitException(start.Start, $"lists and mappings stand more than {YamlLimits.Depth} deep inside each other");
        var read = start switch
        {
            Scalar => (ReadScalar(parser.Consume<Scalar>()), 1, 0),
            SequenceStart => ReadSequence(parser, depth),
            _ => ReadMapping(parser, depth),
        };
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor.Value] = read;
        return read;
    }

    private (YamlNode, int, int) ReadAlias(AnchorAlias alias, int depth)
    {
        // An anchor is known once its node is complete, so that no node can hold itself.
        var name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out var target))
            throw new LimitException(alias.Start, $"the alias '*{YamlScalar.Shown(name)}' has no anchor of that name before it");
        Count(target.Size, alias.Start);
        if (depth + target.Depth > YamlLimits.Depth)
            throw new LimitException(alias.Start, $"lists and mappings stand more than {YamlLimits.Depth} deep inside each other");
        return target;
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        var mark = MarkOf(scalar.Start);
        var replaced = interpolator.Replace(scalar.Value, mark);
        var isQuoted = scalar.Style != ScalarStyle.Plain || replaced.HasVariables;
        return new YamlScalar(mark, replaced.Text, isQuoted) { IsSecret = replaced.IsSecret, IsFaulty = replaced.IsFaulty };
    }

    private (YamlNode, int, int) ReadSequence(Parser parser, int depth)
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        var (size, height) = (1, 1);
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var item = ReadNode(parser, depth + 1);
            items.Add(item.Node);
            size += item.Size;
            height = Math.Max(height, item.Depth + 1);
        }
        return (new YamlSequence(MarkOf(start.Start), items), size, height);
    }

    private (YamlNode, int, int) ReadMapping(Parser parser, int depth)
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, int>();
        var (size, height) = (1, 1);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
                throw new LimitException(parser.Current!.Start, "found a key that is not plain text, expected a word");
            Count(1, key.Start);
            var value = ReadNode(parser, depth + 1);
            var mark = MarkOf(key.Start);
            size += value.Size + 1;
            height = Math.Max(height, value.Depth + 1);
            if (seen.TryAdd(key.Value, mark.Line))
                entries.Add(new YamlEntry(mark, key.Value, value.Node));
            else
                faults.Add(mark, $"found the key '{YamlScalar.Shown(key.Value)}' a second time, expected it once; the first is on line {seen[key.Value]}");
        }
        return (new YamlMapping(MarkOf(start.Start), entries), size, height);
    }

    private void Count(int nodes, Mark at)
    {
        _nodes += nodes;
        if (_nodes > YamlLimits.Nodes)
            throw new LimitException(at, string.Create(CultureInfo.InvariantCulture, $"the configuration has more than {YamlLimits.Nodes} nodes"));
    }

    private SourceMark MarkOf(Mark mark) => new(_file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string Uncapitalised(string message) =>
        message is [var first, .. var rest] ? char.ToLowerInvariant(first) + rest.TrimEnd('.') : "no reason given";

    /// <summary>The one mistake that YAML explains badly: a variable without quotes inside { } or [ ].</summary>
    private static string Hint(string text, int line)
    {
        var lines = text.AsSpan().EnumerateLines();
        for (var i = 0; i < line && lines.MoveNext(); i++)
        {
            if (i == line - 1 && lines.Current.Contains("${", StringComparison.Ordinal))
                return "; a value with ${...} inside { } or [ ] needs quotes";
        }
        return "";
    }

    /// <summary>A limit is hit or the document's shape is not ours: nothing behind it is read.</summary>
    private sealed class LimitException(Mark at, string message) : YamlException(at, at, message);
}
