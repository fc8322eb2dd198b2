using System.Text;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Tests.Processes;

/// <summary>What a started process has and has not, and how its end is told.</summary>
public sealed class WatchedProcessTests : IDisposable
{
    private readonly ReactorGroup _reactors = ReactorGroup.StartNew(1);

    private Reactor Reactor => _reactors.Reactors[0];

    public void Dispose() => _reactors.Dispose();

    [Theory]
    [InlineData("exit 0", "exit code 0")]
    [InlineData("exit 7", "exit code 7")]
    [InlineData("kill -SEGV $$", "signal 11 (SIGSEGV)")]
    public void The_end_of_a_process_is_told(string script, string expected)
    {
        var (status, _) = Shell(script);
        Assert.Equal(expected, status.ToString());
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var start = new ProcessStart { Program = "/no/such/program", Arguments = new(["x"]), Environment = new([]), Descriptors = [null, null, null] };
        var failure = Assert.Throws<IOException>(() => WatchedProcess.Start(Reactor, start, new Ended()));
        Assert.Contains("/no/such/program", failure.Message, StringComparison.Ordinal);
        Assert.Contains("No such file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_its_arguments_environment_and_folder_and_no_other_environment()
    {
        var (_, output) = Shell("echo $0 $1; pwd; env | grep -v -e ^PWD= -e ^_= -e ^OLDPWD= -e ^SHLVL= | sort", folder: "/usr", environment: ["A=1", "B=ü x"]);
        Assert.Equal("name argument\n/usr\nA=1\nB=ü x\n", output);
    }

    [Fact]
    public void It_has_three_descriptors_and_no_other()
    {
        using var open = File.OpenHandle("/dev/null");
        var (_, output) = Shell("ls /proc/$$/fd; true");
        Assert.Equal("0\n1\n2\n", output);
    }

    [Fact]
    public void It_ignores_and_blocks_no_signal_and_has_the_usual_limit_of_descriptors()
    {
        var (_, output) = Shell("grep -E 'SigIgn|SigBlk' /proc/$$/status; ulimit -Sn");
        var lines = output.Split('\n');
        Assert.Equal("SigBlk:\t0000000000000000", lines[0]);

        // 32 and 33 are the C library's own, and stay what they were when the tests were started.
        Assert.Equal(0UL, Convert.ToUInt64(lines[1].Split('\t')[1], 16) & ~0x1_8000_0000UL);
        Assert.Equal("1024", lines[2]);
    }

    [Fact]
    public void It_leads_a_group_and_a_signal_to_the_group_reaches_what_it_started()
    {
        var ended = new Ended();
        using var process = Start("sleep 100 & sleep 100; true", ended, out var output);
        Assert.Equal(process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), File.ReadAllText($"/proc/{process.Id}/stat").Split(' ')[4]);
        process.SignalGroup(Signals.Kill);
        Assert.Equal(9, ended.Wait().Signal);

        // The pipe ends when both of its writers have: the sleep in the background is gone too.
        Assert.Equal("", output.Wait());
    }

    [Fact]
    public void Descriptors_come_under_their_numbers_whatever_they_were()
    {
        var files = Enumerable.Range(0, 4).Select(i => Temporary($"file {i}")).ToArray();
        // In an order that would overwrite one with another if they were simply duplicated.
        SafeFileHandle?[] given = [null, null, null, files[3], files[1], files[0], files[2]];
        var (_, output) = Shell("cat <&3; cat <&4; cat <&5; cat <&6", descriptors: given);
        Assert.Equal("file 3file 1file 0file 2", output);
        foreach (var file in files)
            file.Dispose();
    }

    [Fact]
    public void A_process_of_others_can_be_watched_and_one_that_is_gone_cannot()
    {
        var ended = new Ended();
        var (_, output) = Shell("sleep 100 >/dev/null & echo $!");
        var id = int.Parse(output, System.Globalization.CultureInfo.InvariantCulture);
        using var watched = WatchedProcess.Watch(Reactor, id, ended);
        Assert.NotNull(watched);
        watched.Signal(Signals.Kill);
        Assert.False(ended.Wait().IsKnown);
        Assert.Null(WatchedProcess.Watch(Reactor, 4_000_000, ended));
    }

    [Fact]
    public void Arguments_refuse_a_nul()
    {
        Assert.Throws<ArgumentException>(() => new ArgumentBlock(["a\0b"]));
        var block = new ArgumentBlock();
        block.Add("A="u8, "b"u8);
        block.Add("C=d"u8);
        Assert.Equal("A=b", Encoding.UTF8.GetString(block[0]));
        Assert.Equal("C=d", Encoding.UTF8.GetString(block[1]));
        block.Clear();
        Assert.Equal(0, block.Count);
    }

    private static SafeFileHandle Temporary(string text)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        var handle = File.OpenHandle(path);
        File.Delete(path);
        return handle;
    }

    private (ExitStatus Status, string Output) Shell(string script, string? folder = null, string[]? environment = null, SafeFileHandle?[]? descriptors = null)
    {
        var ended = new Ended();
        Start(script, ended, out var output, folder, environment, descriptors);
        return (ended.Wait(), output.Wait());
    }

    private WatchedProcess Start(
        string script, Ended ended, out Text output, string? folder = null, string[]? environment = null, SafeFileHandle?[]? descriptors = null)
    {
        var text = new Text();
        WatchedProcess process = null!;
        using var done = new ManualResetEventSlim();
        Reactor.Post(_ =>
        {
            var reader = ProcessPipe.OpenReader(Reactor, out var writer);
            text.Transport = reader;
            reader.Events = text;
            var given = (SafeFileHandle?[])(descriptors ?? [null, null, null]).Clone();
            given[1] = writer;
            process = WatchedProcess.Start(Reactor, new ProcessStart
            {
                Program = "/bin/sh",
                Arguments = new(["sh", "-c", script, "name", "argument"]),
                Environment = new(environment ?? ["PATH=/usr/bin:/bin"]),
                Folder = folder,
                Descriptors = given,
            }, ended);
            writer.Dispose();
            text.OnReadable();
            done.Set();
        }, null);
        Assert.True(done.Wait(TimeSpan.FromSeconds(10)));
        output = text;
        return process;
    }

    private sealed class Ended : IProcessEvents
    {
        private readonly TaskCompletionSource<ExitStatus> _status = new();

        public void OnExited(WatchedProcess process, ExitStatus status) => _status.SetResult(status);

        public ExitStatus Wait()
        {
            Assert.True(_status.Task.Wait(TimeSpan.FromSeconds(10)), "The process did not end.");
            return _status.Task.Result;
        }
    }

    private sealed class Text : ITransportEvents
    {
        private readonly TaskCompletionSource<string> _text = new();
        private readonly List<byte> _bytes = [];

        public Transport Transport { get; set; } = null!;

        public void OnReadable()
        {
            var buffer = new byte[100];
            while (true)
            {
                var result = Transport.Read(buffer);
                if (result.IsWouldBlock)
                    return;
                if (!result.IsDone)
                    break;
                _bytes.AddRange(buffer[..result.Count]);
            }
            Transport.Close();
            _text.SetResult(Encoding.UTF8.GetString(_bytes.ToArray()));
        }

        public void OnWritable()
        {
        }

        public void OnBroken(int errno) => _text.TrySetException(new IOException(Errno.Describe(errno)));

        public string Wait()
        {
            Assert.True(_text.Task.Wait(TimeSpan.FromSeconds(10)), "The output did not end.");
            return _text.Task.Result;
        }
    }
}
