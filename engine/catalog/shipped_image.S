/* The shipped catalog in read-only memory: nothing is parsed or copied when the program starts. */
  .section .rodata
  .balign 16
  .global plimsoll_shipped_image
  .type plimsoll_shipped_image, %object
plimsoll_shipped_image:
  .incbin PLIMSOLL_SHIPPED_IMAGE
  .global plimsoll_shipped_image_end
plimsoll_shipped_image_end:
  .byte 0
  .size plimsoll_shipped_image, . - plimsoll_shipped_image
  .section .note.GNU-stack, "", %progbits
