using Weft.Core.Modules;

namespace Weft.Core.Tests.Modules;

public sealed class ModuleVerdictTests
{
    // Types: none, and those of the imports below; one function, one page, the exports memory and _start.
    private const string Header = "0061736D01000000";
    private const string Types = "010E03" + "600000" + "60027F7F017F" + "60017F00";
    private const string Rest = "03020100" + "0503010001" + "071302066D656D6F72790200065F73746172740000";

    [Theory]
    [InlineData("", "repeatable")]
    // 0/0, and dropped: nobody sees its bits.
    [InlineData("4400000000000000004400000000000000" + "00A31A", "repeatable")]
    // Stored, reinterpreted, its sign copied; of 32 bits, too.
    [InlineData("41004400000000000000004400000000000000" + "00A3390300", "nan")]
    [InlineData("4400000000000000004400000000000000" + "00A3BD1A", "nan")]
    [InlineData("440000000000000000" + "4400000000000000004400000000000000" + "00A3A61A", "nan")]
    [InlineData("41004300000000430000000095380200", "nan")]
    // An operation that makes one, and the store of what was loaded: its bits are the memory's.
    [InlineData("430000000043000000009343000000009B1A" + "410041002A0200380200", "repeatable")]
    // f32x4.add shows its lanes wherever the vector goes; v128.const has what only looks like instructions.
    [InlineData("FD0C" + Lanes + "FD0C" + Lanes + "FDE4011A", "nan")]
    // i32x4.add.
    [InlineData("FD0C" + Lanes + "FD0C" + Lanes + "FDAE011A", "repeatable")]
    // f32x4.relaxed_madd, i32.atomic.load, and what nobody knows.
    [InlineData("FD0C" + Lanes + "FD0C" + Lanes + "FD0C" + Lanes + "FD85021A", "relaxed")]
    [InlineData("4100FE1002001A", "threads")]
    [InlineData("FB001A", "unknown")]
    [InlineData("FD9402", "unknown")]
    [InlineData("27", "unknown")]
    // A table of branches whose labels look like a store, behind 0/0.
    [InlineData("4400000000000000004400000000000000" + "00A31A" + "02404100" + "0E03393939000B", "repeatable")]
    // A block that catches two ways, a select of a type, and an instruction that goes beyond its function.
    [InlineData("1F4002000000020" + "00B", "repeatable")]
    [InlineData("4100410041001C017F1A", "repeatable")]
    [InlineData("44000000", "unknown")]
    public void Code_ShowsWhatMakesRunsDiffer(string code, string expected) =>
        Assert.Equal(expected, Words(Header + Types + Rest + CodeOf(code)));

    [Theory]
    [InlineData("random_get", 1, "random")]
    [InlineData("clock_res_get", 1, "clock")]
    [InlineData("environ_get", 1, "environment")]
    [InlineData("args_get", 1, "repeatable")]
    [InlineData("proc_exit", 2, "repeatable")]
    public void Imports_ShowWhatMakesRunsDiffer(string name, int type, string expected)
    {
        var import = "01" + Text("wasi_snapshot_preview1") + Text(name) + $"00{type:X2}";
        Assert.Equal(expected, Words(Header + Types + Section(2, import) + Rest + CodeOf("")));
    }

    [Fact]
    public void WhatDiffers_IsListedInOneOrder() =>
        Assert.Equal(["nan", "clock", "random", "relaxed"],
            (ModuleVerdict.Relaxed | ModuleVerdict.Random | ModuleVerdict.Nan | ModuleVerdict.Clock).Words);

    private const string Lanes = "38393839383938393839383938393839";

    private static string CodeOf(string instructions)
    {
        // Two groups of locals: a float, and 300 integers.
        var body = "02" + "017D" + "AC027F" + instructions + "0B";
        return Section(10, "01" + Number(body.Length / 2) + body);
    }

    private static string Section(int id, string content) => $"{id:X2}{Number(content.Length / 2)}{content}";

    private static string Text(string text) =>
        $"{text.Length:X2}{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text))}";

    private static string Number(int value) =>
        value < 128 ? $"{value:X2}" : $"{(value % 128) + 128:X2}{Number(value / 128)}";

    /// <summary>The same in one piece, byte by byte, and in threes.</summary>
    private static string Words(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var found = new[] { bytes.Length, 1, 3 }.Select(piece => Run(bytes, piece)).Distinct().ToArray();
        return string.Join(',', Assert.Single(found).Words);
    }

    private static ModuleVerdict Run(byte[] bytes, int pieceBytes)
    {
        var check = new WasmCheck();
        foreach (var piece in bytes.Chunk(pieceBytes)) Assert.Null(check.Feed(piece));
        Assert.Null(check.Finish());
        return check.Verdict!.Value;
    }
}
