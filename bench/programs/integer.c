/* SPDX-License-Identifier: MIT
 * A Dhrystone-like mix: small procedures, records copied and compared, strings, arrays,
 * conditionals, a switch. Not Dhrystone's text: its proportions (about half assignments, a third
 * control, the rest calls). */
#include "bare.h"

enum kind { FIRST, SECOND, THIRD, FOURTH };
struct record {
    struct record *next;
    enum kind kind;
    int number;
    long sum;
    char name[32];
};

static struct record pool[2];
static int grid[50][50], vec[50], flag;
static char letter;

static __attribute__((noinline)) enum kind classify(char a, char b)
{
    if (a != b)
        return FIRST;
    letter = a;
    return SECOND;
}

static __attribute__((noinline)) void choose(enum kind in, enum kind *out)
{
    *out = in;
    switch (in) {
    case FIRST:
        *out = flag ? FIRST : FOURTH;
        break;
    case SECOND:
        *out = vec[10] > 100 ? FIRST : FOURTH;
        break;
    case THIRD:
        *out = SECOND;
        break;
    case FOURTH:
        break;
    }
}

static __attribute__((noinline)) void fill(int *v, int (*g)[50], int at, int value)
{
    int i = at + 5;
    v[i] = value;
    v[i + 1] = v[i];
    v[i + 30] = i;
    for (int k = i; k <= i + 1; k++)
        g[i][k] = i;
    g[i][i - 1]++;
    g[i + 20][i] = v[i];
}

static __attribute__((noinline)) int later(const char *a, const char *b)
{
    int i = 2;
    char c = 0;
    while (i <= 2)
        if (classify(a[i], b[i + 1]) == FIRST) {
            c = 'A';
            i++;
        } else {
            break;
        }
    if (c >= 'W' && c < 'Z')
        i = 7;
    if (c == 'R')
        return 1;
    for (int k = 0;; k++)
        if (a[k] != b[k])
            return a[k] > b[k] ? (flag = i + 7, 1) : 0;
        else if (!a[k])
            return 0;
}

static __attribute__((noinline)) void copy(struct record *p)
{
    struct record *n = p->next;
    *n = *p;
    n->number = 5;
    p->number = n->number;
    n->next = p->next;
    if (n->kind == FIRST) {
        n->number = 6;
        choose(p->kind, &n->kind);
        n->sum += n->number + 10;
    } else {
        *p = *n;
    }
}

int main(void)
{
    static char one[32] = "BENCHMARK PROGRAM, 1ST STRING..", two[32];
    static const char other[32] = "BENCHMARK PROGRAM, 2ND STRING..";
    long total = 0;

    pool[0].next = &pool[1];
    pool[0].kind = THIRD;
    for (int r = 0; r < 600000; r++) {
        enum kind k = SECOND;
        int a = 2, b = 3, c = 0;
        for (int i = 0; i < 32; i++)
            two[i] = other[i];
        flag = !later(one, two);
        while (a < b) {
            c = 5 * a - b;
            c = a + c + 2;
            a++;
        }
        fill(vec, grid, a, c);
        pool[0].kind = r & 1 ? FIRST : THIRD;
        copy(&pool[0]);
        for (char ch = 'A'; ch <= letter + 2 && ch < 'D'; ch++)
            if (k == classify(ch, 'C'))
                choose(FIRST, &k);
        b = b * a;
        a = b / (c | 1);
        total += a + c + pool[1].sum + (int)k;
    }
    bare_puts("integer ");
    bare_hex((unsigned long)total);
    bare_puts("\n");
    return 0;
}
