/* SPDX-License-Identifier: MIT */
/* list.h */
#ifndef HARTPROOF_LIST_H
#define HARTPROOF_LIST_H

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)
static inline void INIT_LIST_HEAD(struct list_head *head) { head->next = head->prev = head; }
static inline void shim_link(struct list_head *entry, struct list_head *before, struct list_head *after)
{
	entry->prev = before;
	entry->next = after;
	before->next = entry;
	after->prev = entry;
}
static inline void list_add(struct list_head *entry, struct list_head *head) { shim_link(entry, head, head->next); }
static inline void list_add_tail(struct list_head *entry, struct list_head *head) { shim_link(entry, head->prev, head); }
static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
}
static inline void list_del_init(struct list_head *entry) { list_del(entry); INIT_LIST_HEAD(entry); }
#define list_empty(head) ((head)->next == (head))
#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_for_each_entry(at, head, member)                                                                         \
	for ((at) = container_of((head)->next, __typeof__(*(at)), member); &(at)->member != (head);                   \
	     (at) = container_of((at)->member.next, __typeof__(*(at)), member))
#define list_for_each_entry_safe(at, after, head, member)                                                             \
	for ((at) = container_of((head)->next, __typeof__(*(at)), member),                                            \
	    (after) = container_of((at)->member.next, __typeof__(*(at)), member);                                     \
	     &(at)->member != (head); (at) = (after), (after) = container_of((at)->member.next, __typeof__(*(at)), member))

#endif
