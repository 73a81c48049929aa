using Weft.Core.Modules;

namespace Weft.Core.Tests.Modules;

public sealed class WasmBoxTests
{
    private const string Header = "0061736D01000000", Types = "010401600000", Function = "03020100";
    private const string Exports = "071302066D656D6F72790200065F73746172740000", Code = "0A040102000B";

    [Theory]
    // Without a maximum, with a smaller one, with a larger one.
    [InlineData("0503010002", 1, "050401010210")]
    [InlineData("050401010203", 1, "050401010203")]
    [InlineData("05050101028004", 1, "050401010210")]
    public void Memory_GrowsToTheTasksLimit(string memory, int memoryMb, string expected) =>
        Assert.Equal(Header + Types + Function + expected + Exports + Code,
            Box(Types + Function + memory + Exports + Code, memoryMb));

    [Fact]
    public void Memory_ThatBeginsWithMore_IsRefused_WithTheFigures() =>
        Assert.Equal("The module needs 2 MB of memory at the start; this task may use 1 MB.",
            Assert.Throws<ModuleRefusedException>(() => Box(Types + Function + "0503010011" + Exports + Code)).Message);

    [Fact]
    public void Tables_GrowToAThousand_AndKeepWhatTheyBeginWith() =>
        Assert.Contains("0410" + "03" + "70010080" + "08" + "70010204" + "700188278827",
            Box(Types + Function + "040C03" + "700000" + "70010204" + "70008827" + "0503010001" + Exports + Code),
            StringComparison.Ordinal);

    [Fact]
    public void AStartFunction_BecomesAnExport_OfAFreeName()
    {
        var taken = "07200306" + "6D656D6F72790200" + "065F73746172740000" + "0A776566745F73746172740000";
        Assert.Equal(Header + Types + Function + "050401010110" + "072E04" + taken[6..] +
            "0B776566745F73746172745F0000" + Code,
            Box(Types + Function + "0503010001" + taken + "080100" + "000401780102" + Code));
    }

    [Fact]
    public void Fixed_MakesCanonicalWhatIsStored_AndTrapsWhereTheSystemRefuses()
    {
        // f64.store of 0/0, then memory.grow of 1, dropped.
        const string quotient = "4400000000000000004400000000000000" + "00A3";
        var code = CodeOf("00" + "4100" + quotient + "390300" + "410140001A" + "0B");
        var expected =
            CodeOf("03017C017F017F" + "4100" + quotient + "2200" + "44000000000000F87F" + "2000" + "2000" + "61" +
                "1B" + "390300" +
                "4101" + "2201" + "4000" + "2202" + "417F460440" + "2001" + "4110" + "3F006B4D04400" + "00B0B" +
                "2002" + "1A" + "0B");
        const string memory = "0503010001";

        Assert.Equal(Header + Types + Function + "050401010110" + Exports + expected,
            Box(Types + Function + memory + Exports + code, isFixed: true));
        Assert.Equal(Header + Types + Function + "050401010110" + Exports + code,
            Box(Types + Function + memory + Exports + code));
    }

    [Theory]
    // What was loaded is the memory's own, and a module without floats stays as it is.
    [InlineData("4100" + "41002B0300" + "390300")]
    [InlineData("410041016A1A")]
    public void Fixed_LeavesAlone_WhatIsExact(string instructions)
    {
        var module = Types + Function + "050401010110" + Exports + CodeOf("00" + instructions + "0B");
        Assert.Equal(Header + module, Box(module, isFixed: true));
    }

    [Theory]
    [InlineData(
        "FD0C00000000000000000000000000000000FD0C00000000000000000000000000000000" +
        "FD0C00000000000000000000000000000000FD85021A", "relaxed SIMD")]
    [InlineData("FB001A", "doesn’t know")]
    [InlineData("440000", "truncated")]
    public void Fixed_RefusesWhatItCantMakeTheSame(string instructions, string reason)
    {
        var module = Types + Function + "0503010001" + Exports + CodeOf("00" + instructions);
        Assert.Contains(reason, Assert.Throws<ModuleRefusedException>(() => Box(module, isFixed: true)).Message,
            StringComparison.Ordinal);
        Box(module);
    }

    private static string CodeOf(string body) =>
        $"0A{Number((body.Length / 2) + 1 + Number(body.Length / 2).Length / 2)}01{Number(body.Length / 2)}{body}";

    private static string Number(int value) =>
        value < 128 ? $"{value:X2}" : $"{(value % 128) + 128:X2}{Number(value / 128)}";

    private static string Box(string sections, int memoryMb = 1, bool isFixed = false) =>
        Convert.ToHexString(WasmBox.Make(Convert.FromHexString(Header + sections), memoryMb, isFixed).Bytes);
}
