using System.Text;

namespace Weft.Bench.Browser;

/// <summary>Two 10×10 matrices of small whole numbers, and their product, in the texts in which they travel.</summary>
internal sealed record MatrixPair(string A, string B, string Product)
{
    private const int Size = 10;

    public static MatrixPair Random(Random random)
    {
        var a = Cells(random);
        var b = Cells(random);
        var product = new int[Size, Size];
        for (var row = 0; row < Size; row++)
            for (var column = 0; column < Size; column++)
                for (var i = 0; i < Size; i++)
                    product[row, column] += a[row, i] * b[i, column];
        return new(Text(a), Text(b), Text(product));
    }

    private static int[,] Cells(Random random)
    {
        var cells = new int[Size, Size];
        for (var row = 0; row < Size; row++)
            for (var column = 0; column < Size; column++)
                cells[row, column] = random.Next(-99, 100);
        return cells;
    }

    private static string Text(int[,] cells)
    {
        var text = new StringBuilder("[");
        for (var row = 0; row < Size; row++)
        {
            text.Append(row == 0 ? "[" : ",[");
            for (var column = 0; column < Size; column++)
                text.Append(column == 0 ? "" : ",").Append(cells[row, column]);
            text.Append(']');
        }
        return text.Append(']').ToString();
    }
}
