using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Weft.Core.Modules.Packages;
using Weft.Testing;

namespace Weft.Core.Tests.Modules.Packages;

/// <summary>What is in a wheel is checked before it is stored: whoever sends it may be hostile.</summary>
public sealed class WheelReaderTests
{
    private const string Name = "tiny-1.0-py3-none-any.whl";

    [Fact]
    public async Task AWheel_SaysWhatItNeeds_AndHowLargeItIs()
    {
        var (wheel, fault) = await ReadAsync(TestWheel.Make(Name, ["idna>=3", "x; extra == 'y'"], ("tiny.py", "1")));
        Assert.Null(fault);
        Assert.Equal(["idna>=3", "x; extra == 'y'"], wheel!.Requires);
        Assert.Equal(1 + TestWheel.Info(Name, "idna>=3", "x; extra == 'y'").Sum(static file => file.Text.Length),
            wheel.UnpackedBytes);
    }

    // They stay in memory; packed, all of them are a kilobyte.
    [Fact]
    public async Task RequirementsThatAreTooLong_AreNotRead_AndTooManyAreRefused()
    {
        var longest = "x" + string.Concat(Enumerable.Repeat(",>0", 170));
        var (wheel, _) = await ReadAsync(TestWheel.Make(Name, ["idna", longest, $"{longest},>0"], ("tiny.py", "1")));
        Assert.Equal(["idna", longest], wheel!.Requires);
        Assert.Equal("The wheel's METADATA has over 65536 characters of requirements.",
            await FaultOfAsync(TestWheel.Make(Name, [.. Enumerable.Repeat(longest, 129)], ("tiny.py", "1"))));
    }

    [Theory]
    [InlineData("../evil.py")]
    [InlineData("a/../../evil.py")]
    [InlineData("/evil.py")]
    [InlineData("a\\evil.py")]
    [InlineData("C:evil.py")]
    [InlineData("a//evil.py")]
    [InlineData("../")]
    public async Task APathThatLeadsOut_IsRefused(string path) => Assert.StartsWith("In the wheel: A file's path ",
        await FaultOfAsync(TestWheel.Make(Name, [], (path, "1"))), StringComparison.Ordinal);

    [Fact]
    public async Task MoreFilesThanAPackageHas_AreRefused()
    {
        var files = Enumerable.Range(0, 10_000).Select(static i => ($"tiny/{i}.py", "")).ToArray();
        Assert.Equal("The wheel has over 5000 files.", await FaultOfAsync(TestWheel.Make(Name, [], files)));
    }

    [Fact]
    public async Task ABomb_IsRefused_ByWhatItSaysOfItself_AndByFilesThatShareBytes()
    {
        // Some kilobytes that say they are gigabytes.
        var bytes = TestWheel.Make(Name, [], ("bomb", new string('0', 100_000)));
        var entry = Find(bytes, 0x02014b50);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + 24), 2_000_000_000);
        Assert.Equal("The wheel has over 256 MiB unpacked.", await FaultOfAsync(bytes));

        // A second entry with the bytes of the first.
        bytes = TestWheel.Make(Name, [], ("a", new string('0', 1_000)), ("b", new string('0', 1_000)));
        var first = Find(bytes, 0x02014b50);
        var second = Find(bytes, 0x02014b50, first + 1);
        bytes.AsSpan(first + 42, 4).CopyTo(bytes.AsSpan(second + 42));
        Assert.Equal("The wheel is not a zip archive, or is damaged.", await FaultOfAsync(bytes));
    }

    [Fact]
    public async Task MetadataThatUnpackToMoreThanTheySay_AreNotRead()
    {
        var bytes = TestWheel.Make(Name, [], ("tiny.py", "1"));
        for (var at = Find(bytes, 0x02014b50); at >= 0; at = Find(bytes, 0x02014b50, at + 1))
        {
            if (Encoding.ASCII.GetString(bytes, at + 46, 30).Contains("METADATA", StringComparison.Ordinal))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 24), 5);
            }
        }
        Assert.StartsWith("The wheel has no .dist-info folder", await FaultOfAsync(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWheel_WhoseMetadataNameAnotherPackage_OrVersion_OrTag_IsRefused()
    {
        Assert.StartsWith("The wheel's METADATA names a different package or version from tiny-1.0-",
            await FaultOfAsync(TestWheel.Make("idna-1.0-py3-none-any.whl", [])), StringComparison.Ordinal);
        Assert.StartsWith("The wheel's METADATA names a different package or version from tiny-1.0-",
            await FaultOfAsync(TestWheel.Make("tiny-1.1-py3-none-any.whl", [])), StringComparison.Ordinal);
        Assert.StartsWith("The wheel's tags, in its file WHEEL, differ",
            await FaultOfAsync(TestWheel.Make("tiny-1.0-cp314-cp314-pyodide_2026_0_wasm32.whl", [])),
            StringComparison.Ordinal);
        Assert.StartsWith("The wheel has no .dist-info folder", await FaultOfAsync(TestWheel.Zip(("tiny.py", "1"))),
            StringComparison.Ordinal);
        Assert.Equal("The wheel contains TINY.py twice.",
            await FaultOfAsync(TestWheel.Make(Name, [], ("tiny.py", "1"), ("TINY.py", "2"))));
    }

    [Fact]
    public async Task ALink_IsRefused()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("passwd").ExternalAttributes = 0xA1FF << 16;
        }
        Assert.Equal("The wheel has links.", await FaultOfAsync(bytes.ToArray()));
    }

    [Fact]
    public async Task WhateverIsCutOffOrChanged_IsRefusedOrRead_ButNeverBreaksTheReader()
    {
        var bytes = TestWheel.Make(Name, ["idna"], ("tiny.py", "NAME = 'tiny'"));
        for (var length = 0; length < bytes.Length; length++) Assert.NotNull(await FaultOfAsync(bytes[..length]));
        foreach (var value in (byte[])[0, 1, 0x7F, 0xFF])
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var changed = bytes.ToArray();
                changed[at] = value;
                await ReadAsync(changed);
            }
        }
    }

    private static async Task<string?> FaultOfAsync(byte[] bytes) => (await ReadAsync(bytes)).Fault;

    private static async Task<(Wheel? Wheel, string? Fault)> ReadAsync(byte[] bytes)
    {
        await using var archive = new MemoryStream(bytes);
        return await WheelReader.ReadAsync(
            WheelName.TryParse(Name, out _)!, archive, TestContext.Current.CancellationToken);
    }

    private static int Find(byte[] bytes, uint signature, int from = 0)
    {
        for (var at = from; at + 4 <= bytes.Length; at++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == signature) return at;
        }
        return -1;
    }
}
