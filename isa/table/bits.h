/* SPDX-License-Identifier: MIT
 *
 * Words the table files (*.def) are written in: fixed fields of a 41-bit slot, attribute and check
 * shorthands. For isa/ only. SDM 3:4.1 gives the field names. */
#ifndef ISA_TABLE_BITS_H
#define ISA_TABLE_BITS_H

/* V: the value v in a field that begins at bit lo. K: a field of w bits, all ones (what a row
 * checks). */
#define V(lo, v) ((uint64_t)(v) << (lo))
#define K(lo, w) (((1ull << (w)) - 1) << (lo))
#define OP(v)    V(37, v)
#define K_OP     K(37, 4)

#define U_M  (1 << ISA_UNIT_M)
#define U_I  (1 << ISA_UNIT_I)
#define U_F  (1 << ISA_UNIT_F)
#define U_B  (1 << ISA_UNIT_B)
#define U_X  (1 << ISA_UNIT_X)
#define U_MI (U_M | U_I)

#define AT_BR    ISA_ATTR_BRANCH
#define AT_PRIV  ISA_ATTR_PRIV
#define AT_LD    (ISA_ATTR_LOAD | ISA_ATTR_MAY_FAULT)
#define AT_ST    (ISA_ATTR_STORE | ISA_ATTR_MAY_FAULT)
#define AT_SEM   (ISA_ATTR_SEMAPHORE | ISA_ATTR_LOAD | ISA_ATTR_STORE | ISA_ATTR_MAY_FAULT)
#define AT_FIRST ISA_ATTR_FIRST
#define AT_LAST  ISA_ATTR_LAST
#define AT_NOP   ISA_ATTR_NOP
#define AT_NOQP  ISA_ATTR_NOQP
#define AT_FP    (ISA_ATTR_FP | ISA_ATTR_MAY_FAULT)
#define AT_OFF   ISA_ATTR_NO_PRED_OFF
#define AT_FAULT ISA_ATTR_MAY_FAULT
#define AT_UPD   ISA_ATTR_BASE_UPDATE
#define AT_LATER ISA_ATTR_LATER

/* The operand checks that depend on the encoding alone, each from the Operation section of the
 * instruction's page in SDM 3:2. All but CK_PP_UNC, CK_SLOT2 and CK_QP0 sit
 * under the qualifying predicate there. */
#define CK_R1     ISA_CHECK_R1
#define CK_R3     ISA_CHECK_R3
#define CK_R1R3   ISA_CHECK_R1_R3
#define CK_F1     ISA_CHECK_F1
#define CK_F1F2   ISA_CHECK_F1_F2
#define CK_PP     ISA_CHECK_P1_P2
#define CK_PP_UNC ISA_CHECK_P1_P2_UNC
#define CK_AR_R   ISA_CHECK_AR_READ
#define CK_AR_W   ISA_CHECK_AR_WRITE
#define CK_CR_R   ISA_CHECK_CR_READ
#define CK_CR_W   ISA_CHECK_CR_WRITE
#define CK_FRAME  ISA_CHECK_FRAME
#define CK_CT2D   ISA_CHECK_CT2D
#define CK_MBT    ISA_CHECK_MBTYPE
#define CK_SLOT2  ISA_CHECK_SLOT2
#define CK_QP0    ISA_CHECK_QP0

#endif
