/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The gate page of sample.S: a shared object at an address of the kernel, embedded in its data.
 */
        .text
        .global gate
        .proc   gate
gate:   .prologue
        .body
        epc
        ;;
        rsm     psr.i                   // rsm
        ;;
        cover                           // cover
        ;;
        br.ret.sptk b6
        .endp   gate
        .section .data..patch.fsyscall_table, "a"
        data4   0
