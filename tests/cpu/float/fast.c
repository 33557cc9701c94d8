#include "tests/cpu/float/float.h"
void test_fast(void){}
