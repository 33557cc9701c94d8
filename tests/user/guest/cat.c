/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Copies its input to its output (T=user/exit runs it in a pipe).
 */
#include <stdio.h>
int main(void)
{
    int c;
    while ((c = getchar()) != EOF)
        putchar(c);
    return 0;
}
