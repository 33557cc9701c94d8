/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The machine's DSDT: one PCI host bridge, the UART, the power button, S5. Addresses are board.h's.
 */
DefinitionBlock ("dsdt.aml", "DSDT", 2, "XENIA", "IA64SIM ", 1)
{
    /* Soft off, by the power block's SLP_TYP. */
    Name (\_S5, Package () { 5, 5, 0, 0 })

    Scope (\_SB)
    {
        /* BOARD_UART_BASE, BOARD_UART_GSI */
        Device (COM1)
        {
            Name (_HID, EisaId ("PNP0501"))
            Name (_UID, 0)
            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0xFF5E0000, 8)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 4 }
            })
        }

        Device (PWRB)
        {
            Name (_HID, EisaId ("PNP0C0C"))
        }

        Device (PCI0)
        {
            Name (_HID, EisaId ("PNP0A03"))
            Name (_UID, 0)
            Name (_SEG, 0)
            Name (_BBN, 0)
            Name (_CRS, ResourceTemplate ()
            {
                WordBusNumber (ResourceProducer, MinFixed, MaxFixed, PosDecode,
                    0, 0, 0xFF, 0, 0x100)
                DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
                    0, 0xE0000000, 0xEFFFFFFF, 0, 0x10000000)
                QWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
                    0, 0x10000000000, 0x10FFFFFFFFF, 0, 0x1000000000)
            })
            /* Line INTx of device n is GSI 16 + (4n + x) mod 32: BOARD_PCI_GSI. */
            Name (_PRT, Package ()
            {
                Package () { 0x0000FFFF, 0, Zero, 16 },
                Package () { 0x0000FFFF, 1, Zero, 17 },
                Package () { 0x0000FFFF, 2, Zero, 18 },
                Package () { 0x0000FFFF, 3, Zero, 19 },
                Package () { 0x0001FFFF, 0, Zero, 20 },
                Package () { 0x0001FFFF, 1, Zero, 21 },
                Package () { 0x0001FFFF, 2, Zero, 22 },
                Package () { 0x0001FFFF, 3, Zero, 23 },
                Package () { 0x0002FFFF, 0, Zero, 24 },
                Package () { 0x0002FFFF, 1, Zero, 25 },
                Package () { 0x0002FFFF, 2, Zero, 26 },
                Package () { 0x0002FFFF, 3, Zero, 27 },
                Package () { 0x0003FFFF, 0, Zero, 28 },
                Package () { 0x0003FFFF, 1, Zero, 29 },
                Package () { 0x0003FFFF, 2, Zero, 30 },
                Package () { 0x0003FFFF, 3, Zero, 31 },
                Package () { 0x0004FFFF, 0, Zero, 32 },
                Package () { 0x0004FFFF, 1, Zero, 33 },
                Package () { 0x0004FFFF, 2, Zero, 34 },
                Package () { 0x0004FFFF, 3, Zero, 35 },
                Package () { 0x0005FFFF, 0, Zero, 36 },
                Package () { 0x0005FFFF, 1, Zero, 37 },
                Package () { 0x0005FFFF, 2, Zero, 38 },
                Package () { 0x0005FFFF, 3, Zero, 39 },
                Package () { 0x0006FFFF, 0, Zero, 40 },
                Package () { 0x0006FFFF, 1, Zero, 41 },
                Package () { 0x0006FFFF, 2, Zero, 42 },
                Package () { 0x0006FFFF, 3, Zero, 43 },
                Package () { 0x0007FFFF, 0, Zero, 44 },
                Package () { 0x0007FFFF, 1, Zero, 45 },
                Package () { 0x0007FFFF, 2, Zero, 46 },
                Package () { 0x0007FFFF, 3, Zero, 47 },
                Package () { 0x0008FFFF, 0, Zero, 16 },
                Package () { 0x0008FFFF, 1, Zero, 17 },
                Package () { 0x0008FFFF, 2, Zero, 18 },
                Package () { 0x0008FFFF, 3, Zero, 19 },
                Package () { 0x0009FFFF, 0, Zero, 20 },
                Package () { 0x0009FFFF, 1, Zero, 21 },
                Package () { 0x0009FFFF, 2, Zero, 22 },
                Package () { 0x0009FFFF, 3, Zero, 23 },
                Package () { 0x000AFFFF, 0, Zero, 24 },
                Package () { 0x000AFFFF, 1, Zero, 25 },
                Package () { 0x000AFFFF, 2, Zero, 26 },
                Package () { 0x000AFFFF, 3, Zero, 27 },
                Package () { 0x000BFFFF, 0, Zero, 28 },
                Package () { 0x000BFFFF, 1, Zero, 29 },
                Package () { 0x000BFFFF, 2, Zero, 30 },
                Package () { 0x000BFFFF, 3, Zero, 31 },
                Package () { 0x000CFFFF, 0, Zero, 32 },
                Package () { 0x000CFFFF, 1, Zero, 33 },
                Package () { 0x000CFFFF, 2, Zero, 34 },
                Package () { 0x000CFFFF, 3, Zero, 35 },
                Package () { 0x000DFFFF, 0, Zero, 36 },
                Package () { 0x000DFFFF, 1, Zero, 37 },
                Package () { 0x000DFFFF, 2, Zero, 38 },
                Package () { 0x000DFFFF, 3, Zero, 39 },
                Package () { 0x000EFFFF, 0, Zero, 40 },
                Package () { 0x000EFFFF, 1, Zero, 41 },
                Package () { 0x000EFFFF, 2, Zero, 42 },
                Package () { 0x000EFFFF, 3, Zero, 43 },
                Package () { 0x000FFFFF, 0, Zero, 44 },
                Package () { 0x000FFFFF, 1, Zero, 45 },
                Package () { 0x000FFFFF, 2, Zero, 46 },
                Package () { 0x000FFFFF, 3, Zero, 47 },
            })
        }
    }
}
