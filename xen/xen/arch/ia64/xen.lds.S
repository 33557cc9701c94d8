/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image: linked at XEN_VIRT_START, 16 MiB at most, in one segment. Its first page is left to the PE headers (tools/mkefi.py).
 * Function descriptors (.opd) and linkage tables (.got) come from efi/ alone.
 */
#include <xen/cache.h>
#include <xen/lib.h>
#include <xen/xen.lds.h>
#include <asm/page.h>
#undef ENTRY
#undef ALIGN

OUTPUT_FORMAT("elf64-ia64-little")
OUTPUT_ARCH(ia64)
ENTRY(efi_entry_descriptor)

PHDRS
{
  text PT_LOAD ;
#if defined(BUILD_ID)
  note PT_NOTE ;
#endif
}
SECTIONS
{
  . = XEN_VIRT_START;
  _start = .;
  . = . + PAGE_SIZE;
  .text : {
       _stext = .;
       *(.text.header)
       . = ALIGN(0x8000);
       *(.text.ivt)                     /* 32 KiB, at a multiple of that (SDM 2:5.7) */
       . = ALIGN(PAGE_SIZE);
       *(.text.fast_hypercall)          /* a page for guests, nothing else in it */
       *(.text.cold)
       *(.text.unlikely .text.*_unlikely .text.unlikely.*)
       *(.text)
#ifdef CONFIG_CC_SPLIT_SECTIONS
       *(.text.*)
#endif
       *(.fixup)
       *(.gnu.warning)
       _etext = .;
  } :text

  . = ALIGN(PAGE_SIZE);
  .rodata : {
       _srodata = .;
       __start_bug_frames = .;
       *(.bug_frames.0)
       __stop_bug_frames_0 = .;
       *(.bug_frames.1)
       __stop_bug_frames_1 = .;
       *(.bug_frames.2)
       __stop_bug_frames_2 = .;
       *(.bug_frames.3)
       __stop_bug_frames_3 = .;
       *(.rodata)
       *(.rodata.*)
       *(.data.rel.ro)
       *(.data.rel.ro.*)

       . = ALIGN(8);
       __start___ex_table = .;
       *(__ex_table)
       *(.ex_table)
       __stop___ex_table = .;

       VPCI_ARRAY
  } :text

  .opd : { *(.opd) } :text

#if defined(BUILD_ID)
  . = ALIGN(4);
  .note.gnu.build-id : {
       __note_gnu_build_id_start = .;
       *(.note.gnu.build-id)
       __note_gnu_build_id_end = .;
  } :note :text
#endif
  _erodata = .;

  . = ALIGN(PAGE_SIZE);
  .data.ro_after_init : {
      __ro_after_init_start = .;
      *(.data.ro_after_init)
      . = ALIGN(PAGE_SIZE);
      __ro_after_init_end = .;
  } : text

  .data.read_mostly : {
       *(.data.read_mostly)
  } :text

  . = ALIGN(SMP_CACHE_BYTES);
  .data : {
       *(.data.page_aligned)
       . = ALIGN(8);
       __start_schedulers_array = .;
       *(.data.schedulers)
       __end_schedulers_array = .;

       HYPFS_PARAM

       *(.data .data.*)
       CONSTRUCTORS
  } :text
  /* What gp reaches in 22 bits: gp itself is the linker's choice. */
  .got : { *(.got.plt) *(.got) } :text
  .sdata : { *(.sdata .sdata.* .srodata .srodata.*) } :text

  . = ALIGN(PAGE_SIZE);
  __init_begin = .;
  .init.text : {
       _sinittext = .;
       *(.init.text)
       _einittext = .;
  } :text
  . = ALIGN(PAGE_SIZE);
  .init.data : {
       *(.init.rodata)
       *(.init.rodata.*)

       . = ALIGN(POINTER_ALIGN);
       __setup_start = .;
       *(.init.setup)
       __setup_end = .;

       __initcall_start = .;
       *(.initcallpresmp.init)
       __presmp_initcall_end = .;
       *(.initcall1.init)
       __initcall_end = .;

       LOCK_PROFILE_DATA

       *(.init.data)
       *(.init.data.rel)
       *(.init.data.rel.*)

       . = ALIGN(8);
       __ctors_start = .;
       *(.ctors)
       *(.init_array)
       *(SORT(.init_array.*))
       __ctors_end = .;
  } :text
  . = ALIGN(STACK_SIZE);
  __init_end = .;

  .bss : {
       __bss_start = .;
       *(.bss.stack_aligned)
       . = ALIGN(PAGE_SIZE);
       *(.bss.page_aligned)
       . = ALIGN(PAGE_SIZE);
       __per_cpu_start = .;
       *(.bss.percpu.page_aligned)
       *(.bss.percpu)
       . = ALIGN(SMP_CACHE_BYTES);
       *(.bss.percpu.read_mostly)
       . = ALIGN(SMP_CACHE_BYTES);
       __per_cpu_data_end = .;
       *(.sbss .sbss.*)
       *(.bss .bss.*)
       . = ALIGN(PAGE_SIZE);
       __bss_end = .;
  } :text
  _end = . ;

  DWARF2_DEBUG_SECTIONS

  DISCARD_SECTIONS
  /DISCARD/ : { *(.IA_64.unwind*) *(.gnu.linkonce.ia64unw*) }

  STABS_DEBUG_SECTIONS

  ELF_DETAILS_SECTIONS
}

ASSERT(_end - _start <= XEN_IMAGE_SIZE, "The image is larger than its translation register")
ASSERT(IS_ALIGNED(__init_begin, PAGE_SIZE), "__init_begin is misaligned")
ASSERT(IS_ALIGNED(__init_end, PAGE_SIZE), "__init_end is misaligned")
