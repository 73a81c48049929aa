from weft import Weft

weft = Weft()  # $WEFT_URL, or http://127.0.0.1:8080
B, rows = [[5, 6], [7, 8]], [[1, 2], [3, 4]]


def multiply(task):
    return [sum(x * y for x, y in zip(task["row"], column)) for column in zip(*task["B"])]


with weft.start_worker("matrix", multiply, concurrency=2):
    for row in weft.map([{"row": row, "B": B} for row in rows], queue="matrix"):
        print(*row)
