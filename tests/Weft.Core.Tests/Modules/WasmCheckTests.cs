using Weft.Core.Modules;

namespace Weft.Core.Tests.Modules;

public sealed class WasmCheckTests
{
    private const string Header = "0061736D01000000";

    // A command that does nothing: type, function, memory, the exports memory and _start, code.
    private const string Types = "010401600000", Function = "03020100", Memory = "0503010001", Exports =
        "071302066D656D6F72790200065F73746172740000", Code = "0A040102000B";
    private const string Command =
        Header + "0004026E6100" + Types + Function + Memory + Exports + Code + "000401780102";

    [Theory]
    [InlineData(Command)]
    // Tags stand between memories and globals, data counts between elements and code: later additions to the format.
    [InlineData(Header + Types + Memory + "0D0100" + "060100" + Exports + "0900" + "0C00" + "0A00" + "0B00")]
    [InlineData(Header + Types + Memory + Exports + "008080808000")]
    public void Command_IsTaken_HoweverItIsCut(string hex) => Assert.Null(Check(hex));

    [Theory]
    [InlineData("", "not a WebAssembly module")]
    [InlineData("0061736D010000", "not a WebAssembly module")]
    [InlineData("3C21444F43545950", "not a WebAssembly module")]
    [InlineData("0061736D0D000100", "component")]
    [InlineData("0061736D01000100", "version 65537")]
    [InlineData("0061736D010000000E00", "At byte 8 section 14 begins, which WebAssembly does not have")]
    [InlineData("0061736D010000000301000300", "duplicate")]
    [InlineData("0061736D010000000A000300", "out of order")]
    [InlineData("0061736D010000000601000D00", "out of order")]
    [InlineData("0061736D01000000018080808010", "not a 32-bit number")]
    [InlineData("0061736D010000000180808080808000", "not a 32-bit number")]
    [InlineData("0061736D01000000017F00", "truncated")]
    [InlineData("0061736D0100000001", "truncated")]
    [InlineData("0061736D010000000180", "truncated")]
    public void WhatIsNoModule_IsRefused_HoweverItIsCut(string hex, string reason) =>
        Assert.Contains(reason, Check(hex), StringComparison.Ordinal);

    [Theory]
    [InlineData(Header, "doesn't export a memory")]
    [InlineData(Header + Types + Function + Memory + "070A01" + "065F73746172740000" + Code, "doesn't export a memory")]
    // The memory is there under another name.
    [InlineData(Header + Types + Function + Memory + "070F02" + "026D6D0200" + "065F73746172740000" + Code,
        "doesn't export a memory named \"memory\"")]
    [InlineData(Header + Types + Function + Memory + "070A01" + "066D656D6F72790200" + Code,
        "doesn't export a function _start")]
    [InlineData(Header + Types + Function + Memory + "071802" + "066D656D6F72790200" + "0B5F696E697469616C697A650000" +
        Code, "reactor")]
    // Names that begin like the right ones, or are of another kind.
    [InlineData(Header + Types + Function + Memory + "071402" + "066D656D6F72790200" + "075F7374617274320000" + Code,
        "doesn't export a function _start")]
    [InlineData(Header + Types + Function + Memory + "071302" + "066D656D6F72790000" + "065F73746172740200" + Code,
        "doesn't export a memory")]
    public void WhatIsNoCommand_IsRefused(string hex, string reason) =>
        Assert.Contains(reason, Check(hex), StringComparison.Ordinal);

    [Theory]
    // ("constructor", "assign"): what a plain object of JavaScript has besides its own members.
    [InlineData("01" + "0B636F6E7374727563746F72" + "0661737369676E" + "0000",
        "imports \"assign\" from \"constructor\"; workers provide only WASI preview 1")]
    [InlineData("01" + "0D776173695F756E737461626C65" + "0866645F7772697465" + "0000",
        "imports \"fd_write\" from \"wasi_unstable\"; workers provide")]
    [InlineData("01" + Wasi + "0B636F6E7374727563746F72" + "0000", "which WASI preview 1 doesn't have")]
    [InlineData("01" + Wasi + "0870726F635F786974" + "0000", "which WASI preview 1 doesn't have")]
    [InlineData("01" + Wasi + "0866645F7772697465" + "037F00", "which WASI preview 1 doesn't have")]
    [InlineData("01" + "03656E76" + "066D656D6F7279" + "02030101", "imports its memory")]
    [InlineData("01" + Wasi + "066D656D6F7279" + "020001", "imports its memory")]
    // fd_write as a function without parameters.
    [InlineData("01" + Wasi + "0866645F7772697465" + "0000", "of a different type")]
    [InlineData("01" + Wasi + "0866645F7772697465" + "0009", "of a different type")]
    [InlineData("01" + "022265" + "0161" + "0000", "imports \"a\" from \"?e\"")]
    public void AnImportOfAnythingButWasi_IsRefused(string imports, string reason) =>
        Assert.Contains(reason, Check(Header + Types + Section(2, imports) + Memory + Exports),
            StringComparison.Ordinal);

    [Fact]
    public void EachFunctionOfWasi_IsTaken_WithItsTypeAlone()
    {
        foreach (var (name, type) in WasiFunctions.Types)
        {
            Assert.Null(Check(Importing(name, type)));
            Assert.Contains("of a different type", Check(Importing(name, "i" + type)), StringComparison.Ordinal);
            Assert.Contains("of a different type", Check(Importing(name, type + "I")), StringComparison.Ordinal);
        }

        Assert.Equal(46, WasiFunctions.Types.Count);
    }

    [Theory]
    [InlineData(5, "02" + "0001" + "0001", "has 2 memories")]
    [InlineData(5, "01" + "030101", "shared (for threads)")]
    [InlineData(5, "01" + "0401", "64-bit")]
    [InlineData(5, "01" + "0801", "of an unknown kind")]
    [InlineData(5, "01" + "008180", "can't be read")]
    [InlineData(5, "01" + "00818004", "starts with more than 4096 MB")]
    [InlineData(4, "11", "has 17 tables")]
    [InlineData(4, "01" + "7000C1843D", "tables have 1000001 entries; they may have 1000000")]
    [InlineData(4, "02" + "7000A1C21E" + "7000A1C21E", "tables have 1000002 entries")]
    // Tables of exceptions, of 64-bit size, and of a type that is described elsewhere.
    [InlineData(4, "01" + "690000", "a table of something other than functions")]
    [InlineData(4, "01" + "6300000001", "a table of something other than functions")]
    [InlineData(4, "01" + "700400", "shared or 64-bit")]
    [InlineData(6, "914E", "has 10001 globals; it may have 10000")]
    // An exception that carries another one, and one of a type that isn't there.
    [InlineData(13, "01" + "0001", "exceptions carry references")]
    [InlineData(13, "01" + "0009", "exceptions carry references")]
    [InlineData(13, "01" + "0002", "exceptions carry references, or more than 16 values")]
    [InlineData(7, "05" + "01", "Section 7 of the module can't be read")]
    public void WhatNoLimitBounds_IsRefused(int section, string content, string reason)
    {
        // Types: nothing, an exception with an exception in it, one with 17 numbers, one with 16.
        var types = Section(1,
            "04" + "600000" + "60016900" + "6011" + string.Concat(Enumerable.Repeat("7F", 17)) + "00" + "6010" +
                string.Concat(Enumerable.Repeat("7F", 16)) + "00");
        Assert.Contains(reason, Check(Header + types + Section(section, content)), StringComparison.Ordinal);
        Assert.Null(
            Check(Header + types + Section(4, "01" + "7001C0843DC1843D") + Section(5, "01" + "00808004") +
                Section(13, "02" + "0000" + "0003") + Section(6, "904E") + Exports));
    }

    [Theory]
    [InlineData("01" + "5F00")]
    [InlineData("01" + "5E7F00")]
    [InlineData("01" + "4E01600000")]
    [InlineData("01" + "50005F00")]
    // Stacks that can be switched, and parameters of references to a described type, and to a heap's things.
    [InlineData("02" + "600000" + "5D00")]
    [InlineData("01" + "6001640000")]
    [InlineData("01" + "60016E00")]
    public void GarbageCollectedTypes_AreRefused(string types) =>
        Assert.Contains("garbage-collected types", Check(Header + Section(1, types) + Memory + Exports),
            StringComparison.Ordinal);

    [Fact]
    public void WhatABrowserWouldKeepOrMultiply_IsBounded()
    {
        static string Times(int count, string hex) => string.Concat(Enumerable.Repeat(hex, count));
        static string? OfTypes(int count, string type) =>
            Check(Header + Section(1, Number(count) + Times(count, type)));

        Assert.Contains("has 4001 function types; it may have 4000", OfTypes(4_001, "600000"),
            StringComparison.Ordinal);
        Assert.Contains("with 129 parameters; it may have 128",
            OfTypes(1, "60" + Number(129) + Times(129, "7F") + "00"), StringComparison.Ordinal);
        Assert.Contains("with 17 results; it may have 16", OfTypes(1, "6000" + Number(17) + Times(17, "7F")),
            StringComparison.Ordinal);
        Assert.Contains("more than 1000 custom sections", Check(Header + Times(1_001, "000100")),
            StringComparison.Ordinal);
        var most = Times(3_999, "60" + Number(128) + Times(128, "7F") + Number(16) + Times(16, "7F"));
        Assert.Null(
            Check(Header + Times(1_000, "000100") + Section(1, Number(4_000) + "600000" + most) + Function + Memory +
                Exports + Code));
    }

    [Fact]
    public void ASectionThatIsTooLargeToLookInto_IsRefused()
    {
        var section = new byte[(1 << 20) + 1];
        var check = new WasmCheck();
        Assert.Null(check.Feed([.. Convert.FromHexString(Header + "07818040")]));
        Assert.Equal("Section 7 of the module is over 1048576 bytes.", check.Feed(section));
    }

    [Fact]
    public void Command_CutOffAnywhereWithinASection_IsRefused()
    {
        var whole = Convert.FromHexString(Command);
        var ends = Enumerable.Range(0, whole.Length).Where(length => Run(whole[..length], whole.Length) is null);
        // Where one section ends and the next begins, nothing shows that there was more, once all is there that a
        // command has.
        Assert.Equal([50, 56], ends);
    }

    private const string Wasi = "16776173695F736E617073686F745F7072657669657731";

    private static string Section(int id, string content) => $"{id:X2}{Number(content.Length / 2)}{content}";

    private static string Number(int value) =>
        value < 128 ? $"{value:X2}" : $"{(value % 128) + 128:X2}{Number(value / 128)}";

    private static string Importing(string name, string type)
    {
        var parts = type.Split(':')
            .Select(static part =>
                $"{part.Length:X2}{string.Concat(part.Select(static letter => letter == 'i' ? "7F" : "7E"))}");
        var bytes = Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name));
        return Header + Section(1, $"0160{string.Concat(parts)}") + Section(2, $"01{Wasi}{name.Length:X2}{bytes}0000") +
            Memory + Exports;
    }

    /// <summary>The same verdict in one piece, byte by byte, and in threes.</summary>
    private static string? Check(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var whole = Run(bytes, Math.Max(1, bytes.Length));
        Assert.Equal(whole, Run(bytes, 1));
        Assert.Equal(whole, Run(bytes, 3));
        return whole;
    }

    private static string? Run(byte[] bytes, int pieceBytes)
    {
        var check = new WasmCheck();
        foreach (var piece in bytes.Chunk(pieceBytes))
        {
            if (check.Feed(piece) is { } fault) return fault;
        }

        return check.Finish();
    }
}
