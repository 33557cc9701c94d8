// The smallest program: says hi, exits with 5. Its mutants are run, so it can do no harm.
        .text
        .global _start
_start: alloc r2=ar.pfs,0,0,3,0
        mov r15=1027
        mov out0=1
        movl out1=msg
        mov out2=3
        break 0x100000
        mov out0=5
        mov r15=1236
        break 0x100000
        .data
msg:    .ascii "hi\n"
