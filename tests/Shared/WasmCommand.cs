namespace Weft.Testing;

/// <summary>
/// The smallest module that is taken, a WASI command that does nothing: a type, a function, a page of memory, the
/// exports <c>memory</c> and <c>_start</c>, the function's code. Custom sections behind it make other modules of it.
/// </summary>
internal static class WasmCommand
{
    public static readonly byte[] Bytes =
        Convert.FromHexString("0061736D01000000" + "010401600000" + "03020100" + "0503010001" + "0713" +
            "02066D656D6F72790200065F73746172740000" + "0A040102000B");
}
